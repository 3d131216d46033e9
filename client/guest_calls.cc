#include "client/guest_calls.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include "absl/algorithm/container.h"
#include "client/guest_registers.h"
#include "client/ioctl_result.h"
#include "client/irqd_kvm_guest.h"
#include "client/user_memory.h"
#include "core/limits.h"

namespace irqd {
namespace {

static_assert(sizeof(irqd_delivered) == kIrqSize + 16, "programs rely on it");

// Null if there is no register `number`.
template <typename Register>
const Register* FindRegister(absl::Span<const Register> table, int number) {
  const auto found =
      absl::c_find_if(table, [&](const Register& entry) { return entry.number == number; });
  return found == table.end() ? nullptr : &*found;
}

int ToResult(const absl::Status& status) { return status.ok() ? 0 : IoctlError(status); }

}  // namespace

int GetRegister(const VcpuDescriptor& vcpu, int which, uint64_t address) {
  const VcpuRegister* const found = FindRegister(VcpuRegisterTable(), which);
  if (found == nullptr) return -EINVAL;
  const auto registers = vcpu.connection().GetVcpuRegisters(vcpu.address(), CallOptions());
  if (!registers.ok()) return IoctlError(registers.status());
  const uint64_t value = found->get(*registers);
  return CopyToUser(address, &value, sizeof(value));
}

int SetRegister(const VcpuDescriptor& vcpu, int which, uint64_t value) {
  const VcpuRegister* const found = FindRegister(VcpuRegisterTable(), which);
  if (found == nullptr) return -EINVAL;
  VcpuRegistersUpdate update;
  found->set(value, &update);
  return ToResult(vcpu.connection().SetVcpuRegisters(vcpu.address(), update, CallOptions()));
}

int GetRegister(const VmDescriptor& vm, int which, uint64_t address) {
  const VmRegister* const found = FindRegister(VmRegisterTable(), which);
  if (found == nullptr) return -EINVAL;
  const auto registers = vm.connection().GetVmRegisters(vm.id(), CallOptions());
  if (!registers.ok()) return IoctlError(registers.status());
  const uint64_t value = found->get(*registers);
  return CopyToUser(address, &value, sizeof(value));
}

int SetRegister(const VmDescriptor& vm, int which, uint64_t value) {
  const VmRegister* const found = FindRegister(VmRegisterTable(), which);
  if (found == nullptr) return -EINVAL;
  VmRegistersUpdate update;
  found->set(value, &update);
  return ToResult(vm.connection().SetVmRegisters(vm.id(), update, CallOptions()));
}

int DeliverTo(const VcpuDescriptor& vcpu, uint64_t list, uint32_t max) {
  if (max == 0) return -EINVAL;
  max = std::min(max, kMaxDeliveredIrqs);
  const auto result = vcpu.connection().Deliver(vcpu.address(), max, CallOptions());
  if (!result.ok()) return IoctlError(result.status());
  if (result->ret < 0) return IoctlResult(absl::StatusOr<int32_t>(result->ret));
  if (result->delivered.size() > max) return -EPROTO;
  std::vector<irqd_delivered> out;
  out.reserve(result->delivered.size());
  for (const DeliveredIrq& irq : result->delivered) out.push_back({irq.irq, irq.data0, irq.data1});
  const int fault =
      out.empty() ? 0 : CopyToUser(list, out.data(), out.size() * sizeof(irqd_delivered));
  return fault != 0 ? fault : static_cast<int>(out.size());
}

int HasIrq(const VcpuDescriptor& vcpu, bool exclude_stop) {
  const auto deliverable = vcpu.connection().GetDeliverable(vcpu.address(), CallOptions());
  if (!deliverable.ok()) return IoctlError(deliverable.status());
  return exclude_stop ? deliverable->has_irq_besides_stop : deliverable->has_irq;
}

int StopIntercept(const VcpuDescriptor& vcpu) {
  return IoctlResult(vcpu.connection().StopIntercept(vcpu.address(), CallOptions()));
}

int Sigp(const VcpuDescriptor& from, uint32_t to, unsigned int order, uint32_t parameter,
         uint64_t status) {
  if (order > 0xff) return -EINVAL;
  const auto result = from.connection().Sigp(from.address(), to, static_cast<uint8_t>(order),
                                             parameter, CallOptions());
  if (!result.ok()) return IoctlError(result.status());
  const int condition_code = result->condition_code;
  if (condition_code < kSigpAccepted || condition_code > kSigpNotOperational) return -EPROTO;
  if (status != 0) {
    const uint32_t bits = condition_code == kSigpStatusStored ? result->status : 0;
    const int fault = CopyToUser(status, &bits, sizeof(bits));
    if (fault != 0) return fault;
  }
  return condition_code;
}

}  // namespace irqd
