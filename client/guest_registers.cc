#include "client/guest_registers.h"

#include "client/irqd_kvm_guest.h"

namespace irqd {
namespace {

constexpr uint64_t k32Bits = 0xffffffff;
constexpr uint64_t k64Bits = ~uint64_t{0};

constexpr VcpuRegister kVcpuRegisters[] = {
    {IRQD_PSW_MASK, "psw_mask", k64Bits, [](const VcpuRegisters& r) { return r.psw_mask; },
     [](uint64_t value, VcpuRegistersUpdate* update) { update->psw_mask = value; }},
    {IRQD_CR0, "cr0", k64Bits, [](const VcpuRegisters& r) { return r.cr0; },
     [](uint64_t value, VcpuRegistersUpdate* update) { update->cr0 = value; }},
    {IRQD_CR6, "cr6", k64Bits, [](const VcpuRegisters& r) { return r.cr6; },
     [](uint64_t value, VcpuRegistersUpdate* update) { update->cr6 = value; }},
    {IRQD_CR14, "cr14", k64Bits, [](const VcpuRegisters& r) { return r.cr14; },
     [](uint64_t value, VcpuRegistersUpdate* update) { update->cr14 = value; }},
    {IRQD_CLOCK_COMPARATOR, "clock_comparator", k64Bits,
     [](const VcpuRegisters& r) { return r.clock_comparator; },
     [](uint64_t value, VcpuRegistersUpdate* update) { update->clock_comparator = value; }},
    {IRQD_CPU_TIMER, "cpu_timer", k64Bits, [](const VcpuRegisters& r) { return r.cpu_timer; },
     [](uint64_t value, VcpuRegistersUpdate* update) { update->cpu_timer = value; }},
    {IRQD_PREFIX, "prefix", k32Bits, [](const VcpuRegisters& r) { return uint64_t{r.prefix}; },
     [](uint64_t value, VcpuRegistersUpdate* update) {
       update->prefix = static_cast<uint32_t>(value);
     }},
};

constexpr VmRegister kVmRegisters[] = {
    {IRQD_TOD_CLOCK, "tod_clock", k64Bits, [](const VmRegisters& r) { return r.tod_clock; },
     [](uint64_t value, VmRegistersUpdate* update) { update->tod_clock = value; }},
    {IRQD_NEW_PSW_RESTART, "new_psw_restart", k64Bits,
     [](const VmRegisters& r) { return r.new_psw_masks.restart; },
     [](uint64_t value, VmRegistersUpdate* update) { update->new_psw_restart = value; }},
    {IRQD_NEW_PSW_EXTERNAL, "new_psw_external", k64Bits,
     [](const VmRegisters& r) { return r.new_psw_masks.external; },
     [](uint64_t value, VmRegistersUpdate* update) { update->new_psw_external = value; }},
    {IRQD_NEW_PSW_PROGRAM, "new_psw_program", k64Bits,
     [](const VmRegisters& r) { return r.new_psw_masks.program; },
     [](uint64_t value, VmRegistersUpdate* update) { update->new_psw_program = value; }},
    {IRQD_NEW_PSW_MACHINE_CHECK, "new_psw_machine_check", k64Bits,
     [](const VmRegisters& r) { return r.new_psw_masks.machine_check; },
     [](uint64_t value, VmRegistersUpdate* update) { update->new_psw_machine_check = value; }},
    {IRQD_NEW_PSW_IO, "new_psw_io", k64Bits,
     [](const VmRegisters& r) { return r.new_psw_masks.io; },
     [](uint64_t value, VmRegistersUpdate* update) { update->new_psw_io = value; }},
};

}  // namespace

absl::Span<const VcpuRegister> VcpuRegisterTable() { return kVcpuRegisters; }

absl::Span<const VmRegister> VmRegisterTable() { return kVmRegisters; }

}  // namespace irqd
