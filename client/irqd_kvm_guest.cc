#include "client/irqd_kvm_guest.h"

#include <memory>

#include "client/c_call.h"
#include "client/guest_calls.h"
#include "client/kvm_descriptors.h"

namespace {

uint64_t Address(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

// What `call(descriptor)` says about the descriptor of that kind.
template <typename Kind, typename Call>
int On(int fd, Call call) {
  std::shared_ptr<const Kind> descriptor;
  const int error = irqd::FindKind(fd, &descriptor);
  return irqd::CResult(error != 0 ? error : call(*descriptor));
}

using Vcpu = irqd::VcpuDescriptor;
using Vm = irqd::VmDescriptor;

}  // namespace

int irqd_vcpu_get_register(int vcpu_fd, int which, uint64_t* value) {
  return On<Vcpu>(vcpu_fd,
                  [&](const Vcpu& vcpu) { return irqd::GetRegister(vcpu, which, Address(value)); });
}

int irqd_vcpu_set_register(int vcpu_fd, int which, uint64_t value) {
  return On<Vcpu>(vcpu_fd, [&](const Vcpu& vcpu) { return irqd::SetRegister(vcpu, which, value); });
}

int irqd_vm_get_register(int vm_fd, int which, uint64_t* value) {
  return On<Vm>(vm_fd, [&](const Vm& vm) { return irqd::GetRegister(vm, which, Address(value)); });
}

int irqd_vm_set_register(int vm_fd, int which, uint64_t value) {
  return On<Vm>(vm_fd, [&](const Vm& vm) { return irqd::SetRegister(vm, which, value); });
}

int irqd_vcpu_deliver(int vcpu_fd, struct irqd_delivered* list, uint32_t max) {
  return On<Vcpu>(vcpu_fd,
                  [&](const Vcpu& vcpu) { return irqd::DeliverTo(vcpu, Address(list), max); });
}

int irqd_vcpu_has_irq(int vcpu_fd, int exclude_stop) {
  return On<Vcpu>(vcpu_fd, [&](const Vcpu& vcpu) { return irqd::HasIrq(vcpu, exclude_stop != 0); });
}

int irqd_vcpu_stop_intercept(int vcpu_fd) {
  return On<Vcpu>(vcpu_fd, [](const Vcpu& vcpu) { return irqd::StopIntercept(vcpu); });
}

int irqd_vcpu_sigp(int vcpu_fd, uint32_t to, unsigned int order, uint32_t parameter,
                   uint32_t* status) {
  return On<Vcpu>(vcpu_fd, [&](const Vcpu& vcpu) {
    return irqd::Sigp(vcpu, to, order, parameter, Address(status));
  });
}
