// The registers of simulated vCPUs and VMs by the numbers of irqd_kvm_guest.h and by name.
//
// The tables are constants: safe to use from any thread.
#ifndef IRQD_CLIENT_GUEST_REGISTERS_H_
#define IRQD_CLIENT_GUEST_REGISTERS_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "core/delivery.h"
#include "core/local_state.h"
#include "core/registers_update.h"

namespace irqd {

template <typename Registers, typename Update>
struct NamedRegister {
  int number;              // IRQD_...
  absl::string_view name;  // as the protocol calls it, e.g. "psw_mask"
  uint64_t max;            // what fits into it
  uint64_t (*get)(const Registers& registers);
  void (*set)(uint64_t value, Update* update);  // what does not fit is cut off
};

using VcpuRegister = NamedRegister<VcpuRegisters, VcpuRegistersUpdate>;
using VmRegister = NamedRegister<VmRegisters, VmRegistersUpdate>;

absl::Span<const VcpuRegister> VcpuRegisterTable();
absl::Span<const VmRegister> VmRegisterTable();

}  // namespace irqd

#endif  // IRQD_CLIENT_GUEST_REGISTERS_H_
