// A vCPU's word as local_rules.h wants its states: the common interrupts change bits of it, and
// nothing is copied, allocated or protected.
//
// It never looks at a node, so it works on a word whose node is not protected. If the change does
// not fit into the word, Fits() is false and the word means nothing.
#ifndef IRQD_CORE_WORD_STATE_H_
#define IRQD_CORE_WORD_STATE_H_

#include <cstdint>

#include "core/local_irq.h"
#include "core/vcpu_word.h"
#include "core/word_layout.h"

namespace irqd {

class WordState {
 public:
  explicit WordState(VcpuWord word) : word_(word) {}

  VcpuWord word() const { return word_; }
  bool Fits() const { return fits_; }

  bool Has(LocalIrq irq) const { return word_ >> static_cast<int>(irq) & 1; }
  void Set(LocalIrq irq) { word_ |= Bit(static_cast<int>(irq)); }
  bool IsStopped() const { return irqd::IsStopped(word_); }

  void PutSigpStop(uint8_t flags) {
    if (flags != 0) word_ |= Bit(kStoreStatusBit);
    Set(LocalIrq::kSigpStop);
  }
  void PutExternalCall(uint16_t code) { PutData(LocalIrq::kExternalCall, kExtcallShift, code); }
  // The word has room for one sender.
  void PutEmergency(uint16_t sender) {
    const bool same =
        Has(LocalIrq::kEmergency) && IsInline() && (word_ >> kEmergencyShift & 0xff) == sender;
    if (same) return;
    if (Has(LocalIrq::kEmergency)) fits_ = false;
    PutData(LocalIrq::kEmergency, kEmergencyShift, sender);
  }

  // As irqd::Reset, of a word that has no node.
  void Reset(ResetKind kind, bool user_controls_run_state) {
    fits_ = fits_ && IsInline();
    constexpr uint64_t kKept = Bit(kStoppedBit) | uint64_t{0x1ff} << kFactsShift | Bit(kInlineBit) |
                               Bit(kInitialRegistersBit) | ~uint64_t{0} << kEpochShift;
    word_ &= kKept;
    if (!user_controls_run_state) word_ |= Bit(kStoppedBit);
    // Neither kind of registers that a word can have sets the bit that a normal reset clears.
    if (kind != ResetKind::kNormal) word_ |= Bit(kInitialRegistersBit);
  }

 private:
  bool IsInline() const { return word_ & Bit(kInlineBit); }
  // Data of an interrupt that is not pending are zero.
  void PutData(LocalIrq irq, int shift, uint16_t data) {
    if (!IsInline() || data > 0xff) fits_ = false;
    word_ |= uint64_t{data} << shift;
    Set(irq);
  }

  VcpuWord word_;
  bool fits_ = true;
};

}  // namespace irqd

#endif  // IRQD_CORE_WORD_STATE_H_
