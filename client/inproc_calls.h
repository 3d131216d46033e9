// How calls of InprocConnection find what they are about, and what they say if it is not there.
#ifndef IRQD_CLIENT_INPROC_CALLS_H_
#define IRQD_CLIENT_INPROC_CALLS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "client/connection.h"
#include "core/vm_registry.h"

namespace irqd {

inline absl::Status NoVm(absl::string_view vm) {
  return absl::NotFoundError(absl::StrCat("no irqd.v1.Vm ", vm, " in this process"));
}

inline absl::Status NoVcpu(const VcpuAddress& vcpu) {
  return absl::NotFoundError(
      absl::StrCat("no irqd.v1.Vcpu ", vcpu.vcpu_id, " of VM ", vcpu.vm_id, " in this process"));
}

// The result of `call(vm)` on the VM of that id.
template <typename Result, typename Call>
absl::StatusOr<Result> OnVm(const VmRegistry& registry, uint64_t id, Call call) {
  const VmRef vm = registry.Find(id);
  if (!vm) return NoVm(absl::StrCat(id));
  return call(*vm);
}

// The result of `call(vm, vcpu)` on the vCPU at `address`.
template <typename Result, typename Call>
absl::StatusOr<Result> OnVcpu(const VmRegistry& registry, const VcpuAddress& address, Call call) {
  const VmRef vm = registry.Find(address.vm_id);
  if (!vm) return NoVm(absl::StrCat(address.vm_id));
  Vcpu* const vcpu = vm->FindVcpu(address.vcpu_id);
  if (vcpu == nullptr) return NoVcpu(address);
  return call(*vm, *vcpu);
}

inline const uint8_t* Bytes(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

}  // namespace irqd

#endif  // IRQD_CLIENT_INPROC_CALLS_H_
