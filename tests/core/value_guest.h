// A vCPU, its VM's floating interrupts and registers that are only values, for tests of delivery.
#ifndef IRQD_TESTS_CORE_VALUE_GUEST_H_
#define IRQD_TESTS_CORE_VALUE_GUEST_H_

#include <functional>
#include <vector>

#include "core/delivery.h"
#include "core/float_irq.h"
#include "gmock/gmock.h"
#include "tests/core/local_states.h"
#include "tests/core/value_float.h"

namespace irqd {

inline constexpr uint64_t kPswExternal = uint64_t{1} << (63 - 7);
inline constexpr uint64_t kPswIo = uint64_t{1} << (63 - 6);
inline constexpr uint64_t kPswMchk = uint64_t{1} << (63 - 13);
inline constexpr uint64_t kPswWait = uint64_t{1} << (63 - 14);
inline constexpr uint64_t kOpen = kPswExternal | kPswIo | kPswMchk;

// A control register's bit, counted from the left.
constexpr uint64_t CrBit(int n) { return uint64_t{1} << (63 - n); }

struct Guest {
  Guest() { profile.sigp_interpretation = false; }

  // Everything is let through, also after an interruption; no timer is reached.
  void OpenAllMasks() {
    local.registers.psw_mask = kOpen;
    local.registers.cr0 = CrBit(49) | CrBit(50) | CrBit(52) | CrBit(53) | CrBit(54);
    local.registers.cr6 = 0xff000000;
    local.registers.cr14 = 0x1f000000;
    vm.new_psw_masks = {kOpen, kOpen, kOpen, kOpen, kOpen};
    SetTimersAhead();
  }
  // No timer is reached, whatever the masks.
  void SetTimersAhead() { local.registers.clock_comparator = vm.tod_clock; }
  DeliveryContext context() const { return {profile, vm}; }
  LocalContext local_context() const { return {profile, Exists, user_controls_run_state}; }
  void Inject(const kvm_s390_irq& irq) { ASSERT_EQ(InjectIrq(irq, local_context(), &local), 0); }
  void Enqueue(const kvm_s390_irq& irq) {
    const std::string image = Image(irq);
    ASSERT_EQ(SetDeviceAttr(
                  {0, static_cast<uint32_t>(FlicGroup::kEnqueue), kIrqSize},
                  {reinterpret_cast<const uint8_t*>(image.data()), image.size()}, profile,
                  [](uint64_t) {}, &floating),
              0);
  }
  DeliverResult Deliver(size_t max = 1000) {
    FloatTaker taker(&floating);
    DeliverResult result = irqd::Deliver(context(), max, &local, &taker);
    taker.Commit();
    return result;
  }
  std::vector<PendingIrq> Pending() { return ListPending(context(), local, FloatTaker(&floating)); }
  bool HasIrq(bool exclude_stop) {
    return irqd::HasIrq(context(), local, FloatTaker(&floating), exclude_stop);
  }

  HostProfile profile = DefaultHostProfile();
  bool user_controls_run_state = false;
  LocalState local;
  FloatState floating;
  VmRegisters vm;
};

using GuestChange = std::function<void(Guest&)>;

inline GuestChange Injected(kvm_s390_irq irq) {
  return [irq](Guest& guest) { guest.Inject(irq); };
}
inline GuestChange Enqueued(kvm_s390_irq irq) {
  return [irq](Guest& guest) { guest.Enqueue(irq); };
}
inline void ReachesClockComparator(Guest& guest) {
  guest.vm.tod_clock = 2;
  guest.local.registers.clock_comparator = 1;
}
inline void ReachesCpuTimer(Guest& guest) { guest.local.registers.cpu_timer = uint64_t{1} << 63; }
inline std::vector<uint64_t> TypesOf(const DeliverResult& result) {
  std::vector<uint64_t> types;
  for (const DeliveredIrq& delivered : result.delivered) types.push_back(delivered.irq.type);
  return types;
}

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_VALUE_GUEST_H_
