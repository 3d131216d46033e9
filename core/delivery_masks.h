// Which pending interrupts the masks of a vCPU let through. For delivery.h.
#ifndef IRQD_CORE_DELIVERY_MASKS_H_
#define IRQD_CORE_DELIVERY_MASKS_H_

#include <cstdint>

#include "absl/types/span.h"
#include "core/delivery.h"

namespace irqd {

// A kind of interrupt with what it takes to deliver it.
struct DeliveryRule {
  uint64_t type;  // KVM_S390_...; the lowest of I/O
  // Where it is pending; kLocalIrqCount and kFloatIrqCount for "nowhere".
  LocalIrq local;
  FloatIrq floating;
  // The PSW bit that must be set, and what to call it when it is not. 0: none.
  uint64_t psw_bit;
  HeldBy psw;
  // The same in CR0.
  uint64_t cr0_bit;
  HeldBy cr0;
};

inline constexpr LocalIrq kNotLocal = static_cast<LocalIrq>(kLocalIrqCount);
inline constexpr FloatIrq kNotFloating = static_cast<FloatIrq>(kFloatIrqCount);

// By descending priority.
absl::Span<const DeliveryRule> DeliveryRules();

// For a rule of I/O.
int IscOfRule(const DeliveryRule& rule);

// How many interrupts of the kind are pending.
uint32_t CountPending(const DeliveryRule& rule, const LocalState& local,
                      const FloatTaker& floating);

// What holds them back, if any are pending.
HeldBy HeldByOf(const DeliveryRule& rule, const HostProfile& profile, const LocalState& local,
                const FloatTaker& floating);

// The rule whose interrupt would be delivered next; null if there is none.
const DeliveryRule* HighestDeliverable(const HostProfile& profile, const LocalState& local,
                                       const FloatTaker& floating);

// ckc_irq_pending and cpu_timer_irq_pending: reached, and let through.
bool ClockComparatorPending(const DeliveryContext& context, const VcpuRegisters& registers);
bool CpuTimerPending(const VcpuRegisters& registers);

// Makes the timers' bits in the pending word what the clock says.
void UpdateTimers(const DeliveryContext& context, LocalState* local);

}  // namespace irqd

#endif  // IRQD_CORE_DELIVERY_MASKS_H_
