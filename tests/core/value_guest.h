// A vCPU about to enter its guest, as a value: delivery without Vcpu and Vm around it.
#ifndef IRQD_TESTS_CORE_VALUE_GUEST_H_
#define IRQD_TESTS_CORE_VALUE_GUEST_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/delivery.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"
#include "tests/core/irq_samples.h"

namespace irqd {

inline constexpr uint64_t kPswIo = 0x0200000000000000;
inline constexpr uint64_t kPswExternal = 0x0100000000000000;
inline constexpr uint64_t kPswMachineCheck = 0x0004000000000000;
inline constexpr uint64_t kPswWait = 0x0002000000000000;
inline constexpr uint64_t kPswOpen = kPswIo | kPswExternal | kPswMachineCheck;
inline constexpr uint64_t kCr0Open = 0x4000 | 0x2000 | 0x800 | 0x400 | 0x200;
inline constexpr uint64_t kCr6Open = 0xff000000;
inline constexpr uint64_t kCr14Open = 0x1f000000;
inline constexpr uint64_t kTod = 0x2000000000000000;
inline constexpr uint64_t kExigentBit = 0x8000000000000000;
inline constexpr uint64_t kRepressibleBit = 0x0400000000000000;
inline constexpr uint64_t kRecovery = 0x08000000;  // a CR14 subclass that no floating check has

// What is pending of a kind, as "type isc count held_by" for messages.
inline bool operator==(const PendingIrq& a, const PendingIrq& b) {
  return a.type == b.type && a.isc == b.isc && a.count == b.count && a.held_by == b.held_by;
}
inline void PrintTo(const PendingIrq& irq, std::ostream* out) {
  *out << "type 0x" << absl::StrCat(absl::Hex(irq.type)) << " isc " << irq.isc << " count "
       << irq.count << " held by " << static_cast<int>(irq.held_by);
}

// Running, with every mask and all new PSWs open, no timer reached, and nothing pending, on a
// machine without SIGP interpretation.
struct ValueGuest {
  explicit ValueGuest(HostProfile profile = DefaultHostProfile()) {
    profile.sigp_interpretation = false;
    flic.profile = profile;
    local.stopped = false;
    local.registers.psw_mask = kPswOpen;
    local.registers.cr0 = kCr0Open;
    local.registers.cr6 = kCr6Open;
    local.registers.cr14 = kCr14Open;
    local.registers.clock_comparator = ~uint64_t{0};
    local.registers.cpu_timer = 0x1000;
    vm.tod_clock = kTod;
    vm.new_psw_masks = {kPswOpen, kPswOpen, kPswOpen, kPswOpen, kPswOpen};
  }

  static bool Exists(uint32_t id) { return id < 255; }
  DeliveryContext context() const { return {flic.profile, vm}; }
  LocalContext local_context() const { return {flic.profile, Exists, user_controls_run_state}; }

  // Local ones; a set-prefix is let in as on a stopped vCPU.
  void Inject(const std::vector<kvm_s390_irq>& irqs) {
    for (const kvm_s390_irq& irq : irqs) {
      const bool stopped = local.stopped;
      if (irq.type == KVM_S390_SIGP_SET_PREFIX) local.stopped = true;
      EXPECT_EQ(InjectIrq(irq, local_context(), &local), 0);
      local.stopped = stopped;
    }
  }
  void InjectFloating(const std::vector<kvm_s390_irq>& irqs) { EXPECT_EQ(flic.Enqueue(irqs), 0); }
  void ReachClockComparator() { local.registers.clock_comparator = kTod - 1; }
  void ReachCpuTimer() { local.registers.cpu_timer = ~uint64_t{0}; }

  DeliverResult Deliver(size_t max = 1000) {
    FloatTaker taker(&flic.state);
    DeliverResult result = irqd::Deliver(context(), max, &local, &taker);
    taker.Commit();
    return result;
  }
  // What Deliver would deliver, a line per record. Changes nothing.
  std::string WouldDeliver() const {
    ValueGuest copy = *this;
    return RecordsOf(copy.Deliver());
  }
  std::vector<PendingIrq> List() { return ListPending(context(), local, FloatTaker(&flic.state)); }
  bool HasIrq(bool exclude_stop = false) {
    return irqd::HasIrq(context(), local, FloatTaker(&flic.state), exclude_stop);
  }
  bool WouldWait() { return irqd::WouldWait(context(), local, FloatTaker(&flic.state)); }
  int StopIntercept() {
    return irqd::StopIntercept(context(), local_context(), FloatTaker(&flic.state), &local);
  }

  static std::string RecordsOf(const DeliverResult& result) {
    std::vector<kvm_s390_irq> irqs;
    for (const DeliveredIrq& delivered : result.delivered) irqs.push_back(delivered.irq);
    return HexOf(irqs);
  }

  ValueFlic flic;
  VmRegisters vm;
  LocalState local;
  bool user_controls_run_state = false;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_VALUE_GUEST_H_
