// Which registers to set, and to what. What is not given keeps its value.
#ifndef IRQD_CORE_REGISTERS_UPDATE_H_
#define IRQD_CORE_REGISTERS_UPDATE_H_

#include <cstdint>

#include "absl/types/optional.h"

namespace irqd {

// Of a vCPU; see VcpuRegisters.
struct VcpuRegistersUpdate {
  absl::optional<uint64_t> psw_mask;
  absl::optional<uint64_t> cr0;
  absl::optional<uint64_t> cr6;
  absl::optional<uint64_t> cr14;
  absl::optional<uint64_t> clock_comparator;
  absl::optional<uint64_t> cpu_timer;
  absl::optional<uint32_t> prefix;  // only bits 1 to 18 count, as in the kernel
};

// Of a VM; see VmRegisters.
struct VmRegistersUpdate {
  absl::optional<uint64_t> tod_clock;
  absl::optional<uint64_t> new_psw_restart;
  absl::optional<uint64_t> new_psw_external;
  absl::optional<uint64_t> new_psw_program;
  absl::optional<uint64_t> new_psw_machine_check;
  absl::optional<uint64_t> new_psw_io;
};

}  // namespace irqd

#endif  // IRQD_CORE_REGISTERS_UPDATE_H_
