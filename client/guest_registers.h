// The registers of irqd_kvm_guest.h by their numbers. Safe to use from any thread.
#ifndef IRQD_CLIENT_GUEST_REGISTERS_H_
#define IRQD_CLIENT_GUEST_REGISTERS_H_

#include <cstdint>

#include "absl/types/optional.h"
#include "core/delivery.h"
#include "core/local_state.h"
#include "core/registers_update.h"

namespace irqd {

// Nothing if there is no register `which`.
absl::optional<uint64_t> RegisterOf(const VcpuRegisters& registers, int which);
absl::optional<uint64_t> RegisterOf(const VmRegisters& registers, int which);
absl::optional<VcpuRegistersUpdate> VcpuUpdateOf(int which, uint64_t value);
absl::optional<VmRegistersUpdate> VmUpdateOf(int which, uint64_t value);

}  // namespace irqd

#endif  // IRQD_CLIENT_GUEST_REGISTERS_H_
