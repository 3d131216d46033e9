// Takes interrupts out of a FloatState on trial: what was taken is gone only after Commit.
//
// A delivery is one step together with the vCPU's own word, and may have to start again when
// somebody else replaced that word. A taker keeps where it stands in each queue, and copies none.
// The FloatState must not change while a taker looks at it, but for Commit.
#ifndef IRQD_CORE_FLOAT_TAKER_H_
#define IRQD_CORE_FLOAT_TAKER_H_

#include <array>
#include <cstdint>

#include "core/float_state.h"
#include "core/host_profile.h"
#include "core/kvm_s390.h"

namespace irqd {

class FloatTaker {
 public:
  // Nothing is pending, and nothing can be taken.
  FloatTaker() = default;
  explicit FloatTaker(FloatState* state);

  // How many of FloatIrq `irq` are left; of I/O, those in the GISA included.
  uint32_t Count(FloatIrq irq) const;
  // The mask by which floating checks let repressible ones through, also when none is pending.
  uint64_t mchk_cr14() const { return left_.mchk_cr14; }
  uint8_t gisa_ipm() const { return left_.gisa_ipm; }

  // Each needs Count > 0, and returns the record as the kernel keeps it.
  kvm_s390_irq TakeIo(int isc);
  kvm_s390_irq TakePfaultDone();
  kvm_s390_irq TakeVirtio();
  // The whole signal; the event part goes with it.
  kvm_s390_irq TakeService();
  // The event part. The record has all of the parameter.
  kvm_s390_irq TakeServiceEvent();
  // Adds the floating check to `*mchk`: cr14 and mcic are ORed.
  void TakeMchk(kvm_s390_mchk_info* mchk);

  // Makes it so.
  void Commit();

 private:
  FloatState* state_ = nullptr;
  std::array<uint32_t, kIscCount> io_taken_ = {};
  uint32_t pfault_done_taken_ = 0;
  uint32_t virtio_taken_ = 0;
  FloatConditions left_;
};

}  // namespace irqd

#endif  // IRQD_CORE_FLOAT_TAKER_H_
