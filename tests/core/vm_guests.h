// Guests of a whole Vm that let interrupts through, for tests of delivery.
#ifndef IRQD_TESTS_CORE_VM_GUESTS_H_
#define IRQD_TESTS_CORE_VM_GUESTS_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "core/vm.h"
#include "tests/core/irq_samples.h"

namespace irqd {

inline constexpr uint64_t kPswOpen = 0x0304000000000000;  // external, I/O, machine check
inline constexpr uint64_t kPswWait = 0x0002000000000000;

inline absl::Span<const uint8_t> BytesOf(const std::string& text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

// Opens the masks in control registers, and sets the PSW's. No timer is let through.
inline void Open(Vcpu* vcpu, uint64_t psw_mask) {
  VcpuRegistersUpdate update;
  update.psw_mask = psw_mask;
  update.cr0 = 0x4000 | 0x2000 | 0x200;
  update.cr6 = 0xff000000;
  update.cr14 = 0x1f000000;
  vcpu->SetRegisters(update);
}

// So that one delivery takes all that is pending.
inline void OpenNewPsws(Vm* vm) {
  VmRegistersUpdate update;
  update.new_psw_restart = kPswOpen;
  update.new_psw_external = kPswOpen;
  update.new_psw_program = kPswOpen;
  update.new_psw_machine_check = kPswOpen;
  update.new_psw_io = kPswOpen;
  vm->SetRegisters(update);
}

inline std::string RecordsOf(const DeliverResult& result) {
  std::vector<kvm_s390_irq> irqs;
  for (const DeliveredIrq& delivered : result.delivered) irqs.push_back(delivered.irq);
  return HexRecords(Images(irqs));
}

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_VM_GUESTS_H_
