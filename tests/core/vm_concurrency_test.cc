// Several threads on one VM: creating vCPUs and setting run states take effect at one instant.
// Each test states what every interleaving must show; none relies on one to come about.
#include <array>
#include <atomic>
#include <cerrno>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/barrier.h"
#include "tests/core/irq_samples.h"
#include "tests/core/vm_threads.h"

namespace irqd {
namespace {

// --- (c) creation is one instant for everybody ---

class CreationTest : public testing::Test {
 protected:
  static constexpr uint32_t kSetters = 3;
  static constexpr uint32_t kIds = 100;

  // What a setter did, call by call. The list is for after the threads' end.
  struct Calls {
    std::atomic<size_t> begun{0};
    std::atomic<size_t> finished{0};
    std::vector<std::pair<uint16_t, int>> ids_and_rets;
  };
  // After vCPU `id` was created, nothing of this call was to be seen: it must see the vCPU.
  struct MustSee {
    uint32_t setter;
    size_t call;
    uint16_t id;
  };

  int SetOnce(uint32_t setter, uint16_t id, const std::string& list) {
    Calls& calls = calls_[setter];
    calls.begun.fetch_add(1);
    const int ret = Set(*vm_->FindVcpu(setter), list);
    calls.ids_and_rets.emplace_back(id, ret);
    calls.finished.fetch_add(1);
    return ret;
  }

  // SETs lists whose third record names `id`, until that vCPU was seen to exist. Whoever starts
  // after somebody saw it must see it too.
  void SetUntilCreated(uint32_t setter, uint16_t id) {
    Vcpu& vcpu = *vm_->FindVcpu(setter);
    const std::vector<kvm_s390_irq> list = {PfaultInit(id, ~uint64_t{id}), Emergency(0),
                                            Emergency(id), Irq(KVM_S390_RESTART)};
    const std::vector<kvm_s390_irq> kept = {list[0], list[1]};
    const std::vector<kvm_s390_irq> all = {list[3], list[0], list[1], list[2]};
    for (bool created = false; !created;) {
      const bool must_exist = exists_[id];
      const int ret = SetOnce(setter, id, Images(list));
      created = ret == 0;
      if (created) exists_[id] = true;

      ASSERT_TRUE(created || ret == -EINVAL) << ret;
      ASSERT_TRUE(created || !must_exist) << "vCPU " << id << " was there, and is not";
      ASSERT_TRUE(!created || creation_begun_[id]) << "vCPU " << id << " before its creation";
      ASSERT_TRUE(!created || vm_->FindVcpu(id)) << "vCPU " << id << " signals, but is not there";
      ASSERT_EQ(HexRecords(Get(vcpu)), HexRecords(Images(created ? all : kept)));
      ASSERT_EQ(vcpu.Reset(ResetKind::kNormal), 0);
    }
  }

  void Create(uint16_t id) {
    creation_begun_[id] = true;
    EXPECT_EQ(vm_->CreateVcpu(id), 0);
    exists_[id] = true;
    for (uint32_t setter = 0; setter < kSetters; ++setter) {
      const size_t call = calls_[setter].begun;
      const bool nothing_seen = Get(*vm_->FindVcpu(setter)).empty();
      const bool still_under_way = calls_[setter].finished < call;
      if (nothing_seen && still_under_way) must_see_.push_back({setter, call, id});
    }
  }

  std::unique_ptr<Vm> vm_ = MakeVm(kSetters);
  std::array<std::atomic<bool>, kIds> creation_begun_ = {};
  std::array<std::atomic<bool>, kIds> exists_ = {};
  std::array<Calls, kSetters> calls_;
  std::vector<MustSee> must_see_;
};

TEST_F(CreationTest, ListsThatNameANewVcpuSucceedOrStopExactlyThere) {
  const uint64_t seed = TestSeed();
  std::vector<std::thread> threads;
  for (uint32_t setter = 0; setter < kSetters; ++setter) {
    threads.emplace_back([this, setter] {
      for (uint16_t id = kSetters; id < kIds && !HasFatalFailure(); ++id) {
        SetUntilCreated(setter, id);
      }
    });
  }

  Random random(seed);
  for (uint16_t id = kSetters; id < kIds; ++id) {
    for (uint64_t pause = Below(4, random); pause > 0; --pause) std::this_thread::yield();
    Create(id);
  }
  JoinAll(&threads);

  for (const MustSee& must : must_see_) {
    const auto& [id, ret] = calls_[must.setter].ids_and_rets[must.call - 1];
    EXPECT_TRUE(id > must.id || ret == 0)
        << "vCPU " << id << " existed before the call took effect";
  }
}

// --- (d) user control of run states is one instant for the whole VM ---

TEST(UserControlTest, AfterSetMpStateNoResetInTheVmStopsAVcpu) {
  const uint64_t seed = TestSeed();
  constexpr int kRounds = 400;
  // A setter, a resetter and an observer for a VM that is new in each round.
  Barrier step(4);
  std::unique_ptr<Vm> vm;
  std::atomic<int> setting{0};
  const auto set_running = [&](uint32_t id, uint32_t other_state) {
    Random random(seed + id);
    for (int round = 0; round < kRounds; ++round) {
      step.Wait();
      Vcpu& vcpu = *vm->FindVcpu(id);
      if (Below(2, random)) {
        // Fails, and takes control.
        ASSERT_EQ(vcpu.SetMpState(other_state), -ENXIO);
      }
      MaybeYield(random);
      ASSERT_EQ(vcpu.SetMpState(KVM_MP_STATE_OPERATING), 0);
      EXPECT_EQ(vcpu.GetMpState(), KVM_MP_STATE_OPERATING);
      EXPECT_EQ(vcpu.Reset(ResetKind::kNormal), 0);
      EXPECT_EQ(vcpu.GetMpState(), KVM_MP_STATE_OPERATING);
      EXPECT_EQ(vcpu.S390Irq(SetPrefix(0)), -EBUSY) << "the vCPU runs";
      --setting;
      step.Wait();
    }
  };
  std::thread first(set_running, 0, 6);
  std::thread second(set_running, 1, 8);
  std::thread resetter([&] {
    for (int round = 0; round < kRounds; ++round) {
      step.Wait();
      bool ran[2] = {};
      while (setting > 0) {
        for (uint32_t id : {0, 1}) {
          Vcpu& vcpu = *vm->FindVcpu(id);
          const bool runs = vcpu.GetMpState() == KVM_MP_STATE_OPERATING;
          EXPECT_TRUE(runs || !ran[id]) << "a running vCPU was stopped";
          ran[id] = runs;
          ASSERT_EQ(vcpu.Reset(ResetKind::kNormal), 0);
        }
      }
      step.Wait();
    }
  });

  for (int round = 0; round < kRounds; ++round) {
    vm = MakeVm(2);
    setting = 2;
    step.Wait();
    step.Wait();
    EXPECT_EQ(vm->FindVcpu(0)->GetMpState(), KVM_MP_STATE_OPERATING);
    EXPECT_EQ(vm->FindVcpu(1)->GetMpState(), KVM_MP_STATE_OPERATING);
  }
  first.join();
  second.join();
  resetter.join();
}

}  // namespace
}  // namespace irqd
