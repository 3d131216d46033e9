// Several threads inject, deliver and read one VM's interrupts: every floating interrupt is
// delivered once or still pending, in the order of its arrival, and every local one too. Each check
// holds in every interleaving; none relies on one to come about.
#include <atomic>
#include <cerrno>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/irq_codec.h"
#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"
#include "tests/core/irq_samples.h"
#include "tests/core/vm_guests.h"
#include "tests/core/vm_threads.h"

namespace irqd {
namespace {

constexpr uint16_t kInjectors = 2;
constexpr uint32_t kEach = 1500;
constexpr int kQueues = 4;  // three of I/O, and virtio
constexpr uint32_t kVcpus = 3;

// Number `n` of an injector, in one of the queues.
kvm_s390_interrupt Numbered(uint16_t injector, uint32_t n) {
  const int queue = static_cast<int>(n % kQueues);
  if (queue == 3) return {KVM_S390_INT_VIRTIO, injector, n};
  return {0x10000, uint32_t{injector} << 16, uint64_t{n} << 32 | WordOf(queue)};
}

// In the order in which they were met, by injector and queue.
using Numbers = std::map<std::pair<uint16_t, int>, std::vector<uint32_t>>;

// False if the record is none of theirs.
bool Note(const kvm_s390_irq& irq, Numbers* numbers) {
  if (irq.type == KVM_S390_INT_VIRTIO) {
    const auto injector = static_cast<uint16_t>(irq.u.ext.ext_params);
    (*numbers)[{injector, 3}].push_back(static_cast<uint32_t>(irq.u.ext.ext_params2));
    return true;
  }
  if (irq.type != 0x10000) return false;
  (*numbers)[{irq.u.io.subchannel_id, IscOf(irq.u.io.io_int_word)}].push_back(irq.u.io.io_int_parm);
  return true;
}

class VmFloatingConcurrencyTest : public testing::Test {
 protected:
  VmFloatingConcurrencyTest() : vm_(1, "vm-1", Profile()) {
    for (uint32_t id = 0; id < kVcpus; ++id) {
      EXPECT_EQ(vm_.CreateVcpu(id), 0);
      vm_.FindVcpu(id)->SetMpState(KVM_MP_STATE_OPERATING);
      Open(vm_.FindVcpu(id), kPswOpen);
    }
    OpenNewPsws(&vm_);
  }
  // External calls are delivered, not left to the machine.
  static HostProfile Profile() {
    HostProfile profile = DefaultHostProfile();
    profile.sigp_interpretation = false;
    return profile;
  }

  void InjectAll(uint16_t injector, uint64_t seed) {
    Random random(seed);
    for (uint32_t n = 0; n < kEach; ++n) {
      ASSERT_EQ(vm_.S390Interrupt(Numbered(injector, n)).ret, 0);
      MaybeYield(random);
    }
  }
  // Calls and machine checks to every vCPU, so that deliveries have to start again.
  void SignalUntilDone(uint64_t seed) {
    Random random(seed);
    while (!done_) {
      const auto id = static_cast<uint32_t>(Below(kVcpus, random));
      Vcpu& vcpu = *vm_.FindVcpu(id);
      const int ret = vcpu.S390Irq(ExternalCall(0));
      ASSERT_TRUE(ret == 0 || ret == -EBUSY) << ret;
      if (ret == 0) ++calls_sent_[id];
      ASSERT_EQ(vcpu.S390Irq(MchkOf(kExigent | Below(256, random))), 0);
      MaybeYield(random);
    }
  }
  void DeliverUntilDone(uint32_t id, uint64_t seed) {
    Random random(seed);
    while (!done_) {
      DeliverSome(id, Below(6, random));
      MaybeYield(random);
    }
  }
  void DeliverSome(uint32_t id, size_t max) {
    const DeliverResult result = vm_.FindVcpu(id)->Deliver(max);
    ASSERT_LE(result.delivered.size(), max);
    for (const DeliveredIrq& delivered : result.delivered) {
      if (Note(delivered.irq, &delivered_[id])) continue;
      if (delivered.irq.type == KVM_S390_INT_EXTERNAL_CALL) ++calls_delivered_[id];
    }
  }
  Numbers Pending() {
    std::string images;
    const int64_t count =
        vm_.GetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kGetAllIrqs), kAllOfThem}, &images);
    EXPECT_EQ(count * static_cast<int64_t>(kIrqSize), static_cast<int64_t>(images.size()));
    Numbers pending;
    for (size_t at = 0; at < images.size(); at += kIrqSize) {
      EXPECT_TRUE(Note(DecodeIrq(reinterpret_cast<const uint8_t*>(&images[at])), &pending));
    }
    return pending;
  }
  // What is pending of a queue is what came last: no gaps.
  void ReadUntilDone() {
    std::string images;
    while (!done_) {
      for (const auto& queue : Pending()) {
        for (size_t i = 1; i < queue.second.size(); ++i) {
          ASSERT_EQ(queue.second[i], queue.second[i - 1] + kQueues);
        }
      }
      ASSERT_GE(vm_.FindVcpu(1)->GetIrqState(kEnough, &images), 0);
    }
  }

  Vm vm_;
  std::atomic<bool> done_{false};
  Numbers delivered_[kVcpus];
  uint64_t calls_sent_[kVcpus] = {};
  uint64_t calls_delivered_[kVcpus] = {};
};

TEST_F(VmFloatingConcurrencyTest, EachIsDeliveredOnceOrPendingInOrder) {
  const uint64_t seed = TestSeed();
  std::vector<std::thread> injectors;
  std::vector<std::thread> others;
  for (uint32_t id = 0; id < 2; ++id) {
    others.emplace_back([=] { DeliverUntilDone(id, seed + 10 + id); });
  }
  others.emplace_back([=] { SignalUntilDone(seed + 20); });
  others.emplace_back([=] { ReadUntilDone(); });
  for (uint16_t i = 0; i < kInjectors; ++i) {
    injectors.emplace_back([=] { InjectAll(i, seed + i); });
  }
  JoinAll(&injectors);
  done_ = true;
  JoinAll(&others);

  Numbers pending = Pending();
  for (uint16_t injector = 0; injector < kInjectors; ++injector) {
    for (int queue = 0; queue < kQueues; ++queue) {
      SCOPED_TRACE(testing::Message() << "injector " << injector << " queue " << queue);
      const std::pair<uint16_t, int> key = {injector, queue};
      std::vector<int> times(kEach, 0);
      uint32_t delivered = 0;
      for (Numbers& by_vcpu : delivered_) {
        const std::vector<uint32_t>& numbers = by_vcpu[key];
        EXPECT_TRUE(std::is_sorted(numbers.begin(), numbers.end()));
        for (uint32_t n : numbers) ++times[n];
        if (!numbers.empty()) delivered = std::max(delivered, numbers.back());
      }
      for (uint32_t n : pending[key]) {
        ++times[n];
        EXPECT_TRUE(times[n] > 1 || n >= delivered) << n << " waits behind a later one";
      }
      for (uint32_t n = 0; n < kEach; ++n) {
        ASSERT_EQ(times[n], static_cast<int>(n % kQueues) == queue ? 1 : 0) << n;
      }
    }
  }
}

TEST_F(VmFloatingConcurrencyTest, LocalOnesAreDeliveredOnceBesideThem) {
  const uint64_t seed = TestSeed();
  std::vector<std::thread> injectors;
  std::vector<std::thread> others;
  for (uint32_t id = 0; id < kVcpus; ++id) {
    others.emplace_back([=] { DeliverUntilDone(id, seed + 10 + id); });
  }
  others.emplace_back([=] { SignalUntilDone(seed + 20); });
  injectors.emplace_back([=] { InjectAll(0, seed); });
  JoinAll(&injectors);
  done_ = true;
  JoinAll(&others);

  for (uint32_t id = 0; id < kVcpus; ++id) DeliverSome(id, 2 * kEach);
  for (uint32_t id = 0; id < kVcpus; ++id) {
    EXPECT_EQ(calls_delivered_[id], calls_sent_[id]) << id;
    EXPECT_EQ(vm_.FindVcpu(id)->pending(), 0u) << id;
  }
  EXPECT_EQ(vm_.floating_pending(), 0u);
}

// Whoever injects before a vCPU sleeps is seen by it, whoever injects afterwards wakes it.
TEST_F(VmFloatingConcurrencyTest, NoVcpuSleepsBesideAnInterrupt) {
  Vcpu& vcpu = *vm_.FindVcpu(0);
  std::atomic<bool> sent{false};
  std::thread sender([&] {
    Random random(TestSeed());
    for (int i = 0; i < 1000; ++i) {
      while (sent) std::this_thread::yield();
      if (Below(2, random)) {
        EXPECT_EQ(vcpu.S390Irq(Emergency(1)), 0);
      } else {
        EXPECT_EQ(vm_.S390Interrupt(VmIoOn(3, 1)).ret, 0);
      }
      sent = true;
    }
  });
  for (int taken = 0; taken < 1000;) {
    Open(&vcpu, kPswOpen | kPswWait);
    const bool was_sent = sent;
    const DeliverResult result = vcpu.Deliver(100);
    taken += static_cast<int>(result.delivered.size());
    ASSERT_TRUE(!was_sent || !result.delivered.empty());
    if (result.delivered.empty() && sent) {
      ASSERT_FALSE(vm_.IsIdle(vcpu)) << "it sleeps, and nobody will wake it";
    }
    if (!result.delivered.empty()) {
      while (!sent) std::this_thread::yield();
      sent = false;
    }
  }
  sender.join();
}

}  // namespace
}  // namespace irqd
