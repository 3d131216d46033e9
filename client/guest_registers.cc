#include "client/guest_registers.h"

#include "client/irqd_kvm_guest.h"

namespace irqd {

absl::optional<uint64_t> RegisterOf(const VcpuRegisters& registers, int which) {
  switch (which) {
    case IRQD_PSW_MASK:
      return registers.psw_mask;
    case IRQD_CR0:
      return registers.cr0;
    case IRQD_CR6:
      return registers.cr6;
    case IRQD_CR14:
      return registers.cr14;
    case IRQD_CLOCK_COMPARATOR:
      return registers.clock_comparator;
    case IRQD_CPU_TIMER:
      return registers.cpu_timer;
    case IRQD_PREFIX:
      return registers.prefix;
    default:
      return absl::nullopt;
  }
}

absl::optional<uint64_t> RegisterOf(const VmRegisters& registers, int which) {
  const NewPswMasks& masks = registers.new_psw_masks;
  switch (which) {
    case IRQD_TOD_CLOCK:
      return registers.tod_clock;
    case IRQD_NEW_PSW_RESTART:
      return masks.restart;
    case IRQD_NEW_PSW_EXTERNAL:
      return masks.external;
    case IRQD_NEW_PSW_PROGRAM:
      return masks.program;
    case IRQD_NEW_PSW_MACHINE_CHECK:
      return masks.machine_check;
    case IRQD_NEW_PSW_IO:
      return masks.io;
    default:
      return absl::nullopt;
  }
}

absl::optional<VcpuRegistersUpdate> VcpuUpdateOf(int which, uint64_t value) {
  VcpuRegistersUpdate update;
  switch (which) {
    case IRQD_PSW_MASK:
      update.psw_mask = value;
      return update;
    case IRQD_CR0:
      update.cr0 = value;
      return update;
    case IRQD_CR6:
      update.cr6 = value;
      return update;
    case IRQD_CR14:
      update.cr14 = value;
      return update;
    case IRQD_CLOCK_COMPARATOR:
      update.clock_comparator = value;
      return update;
    case IRQD_CPU_TIMER:
      update.cpu_timer = value;
      return update;
    case IRQD_PREFIX:
      update.prefix = static_cast<uint32_t>(value);
      return update;
    default:
      return absl::nullopt;
  }
}

absl::optional<VmRegistersUpdate> VmUpdateOf(int which, uint64_t value) {
  VmRegistersUpdate update;
  switch (which) {
    case IRQD_TOD_CLOCK:
      update.tod_clock = value;
      return update;
    case IRQD_NEW_PSW_RESTART:
      update.new_psw_restart = value;
      return update;
    case IRQD_NEW_PSW_EXTERNAL:
      update.new_psw_external = value;
      return update;
    case IRQD_NEW_PSW_PROGRAM:
      update.new_psw_program = value;
      return update;
    case IRQD_NEW_PSW_MACHINE_CHECK:
      update.new_psw_machine_check = value;
      return update;
    case IRQD_NEW_PSW_IO:
      update.new_psw_io = value;
      return update;
    default:
      return absl::nullopt;
  }
}

}  // namespace irqd
