// Several threads on one vCPU. Each test states what every interleaving must show; none relies on
// one to come about.
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

// --- (a) emergency signals are neither lost nor invented ---

// How often a sender's signal was begun and finished.
struct Sender {
  std::atomic<uint32_t> begun{0};
  std::atomic<uint32_t> finished{0};
};

class EmergencyTest : public testing::Test {
 protected:
  static constexpr int kThreads = 3;
  static constexpr int kSendersPerThread = 20;
  static constexpr int kSenders = kThreads * kSendersPerThread;
  using Counts = std::array<uint32_t, kSenders>;

  void Send(int thread, uint64_t seed) {
    Random random(seed);
    for (int i = 0; i < 4000; ++i) {
      const int id = static_cast<int>(thread + kThreads * Below(kSendersPerThread, random));
      senders_[id].begun.fetch_add(1);
      ASSERT_EQ(vcpu_.S390Irq(Emergency(static_cast<uint16_t>(id))), 0);
      senders_[id].finished.fetch_add(1);
      MaybeYield(random);
    }
  }

  Counts Begun() const {
    Counts counts;
    for (int i = 0; i < kSenders; ++i) counts[i] = senders_[i].begun.load();
    return counts;
  }
  Counts Finished() const {
    Counts counts;
    for (int i = 0; i < kSenders; ++i) counts[i] = senders_[i].finished.load();
    return counts;
  }

  void Reset() {
    finished_before_reset_ = Finished();
    ASSERT_EQ(vcpu_.Reset(ResetKind::kNormal), 0);
    begun_before_reset_ended_ = Begun();
  }

  // Who must be pending now: a signal begun after the reset has finished. Who may: one that had
  // not finished before the reset has begun.
  void CheckGet() {
    const Counts finished = Finished();
    const std::string images = Get(vcpu_);
    const Counts begun = Begun();
    for (int id = 0; id < kSenders; ++id) {
      const bool must = finished[id] > begun_before_reset_ended_[id];
      const bool may = begun[id] > finished_before_reset_[id];
      const bool pending = images.find(Image(Emergency(static_cast<uint16_t>(id)))) % kIrqSize == 0;
      ASSERT_TRUE(!must || pending) << "lost: the signal of vCPU " << id;
      ASSERT_TRUE(may || !pending) << "invented: a signal of vCPU " << id;
      must_ += must;
      must_not_ += !may;
    }
  }

  std::unique_ptr<Vm> vm_ = MakeVm(kSenders);
  Vcpu& vcpu_ = *vm_->FindVcpu(0);
  std::array<Sender, kSenders> senders_;
  Counts finished_before_reset_ = {};
  Counts begun_before_reset_ended_ = {};
  uint64_t must_ = 0;
  uint64_t must_not_ = 0;
};

TEST_F(EmergencyTest, NoneIsLostOrInvented) {
  const uint64_t seed = TestSeed();
  std::atomic<int> sending{kThreads};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([this, i, seed, &sending] {
      Send(i, seed + i);
      --sending;
    });
  }

  Random random(seed + kThreads);
  while (sending > 0 && !HasFatalFailure()) {
    if (Below(4, random) == 0) Reset();
    CheckGet();
    MaybeYield(random);
  }
  JoinAll(&threads);
  CheckGet();
  Reset();
  CheckGet();

  // The last two alone would make the test say nothing about the rest.
  EXPECT_GT(must_ + must_not_, uint64_t{2 * kSenders});
}

TEST_F(EmergencyTest, WithoutResetsEveryOneArrives) {
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([this, thread] {
      for (int id = thread; id < kSenders; id += kThreads) {
        ASSERT_EQ(vcpu_.S390Irq(Emergency(static_cast<uint16_t>(id))), 0);
      }
    });
  }
  JoinAll(&threads);

  std::vector<kvm_s390_irq> all;
  for (uint16_t id = 0; id < kSenders; ++id) all.push_back(Emergency(id));
  EXPECT_EQ(HexRecords(Get(vcpu_)), HexRecords(Images(all)));
}

// --- (b) GET shows one instant ---

// A list that fills every byte it can with `fill`.
std::string FilledList(uint8_t fill) {
  const uint32_t word = fill * 0x01010101u;
  const uint64_t twice = uint64_t{word} << 32 | word;
  kvm_s390_mchk_info mchk = FilledMchk(fill, twice | kExigent);
  mchk.cr14 = twice;
  mchk.failing_storage_address = twice;
  mchk.ext_damage_code = word;
  kvm_s390_pgm_info pgm = FilledPgm(fill, static_cast<uint16_t>(word | kPgmPer), fill | 1);
  pgm.trans_exc_code = pgm.mon_code = pgm.per_address = twice;
  pgm.data_exc_code = word;
  return Images({SetPrefix(word), PfaultInit(word, twice, word), Mchk(mchk), Program(pgm),
                 Emergency(fill & 0x0f), Emergency((fill & 0x0f) + 16), ExternalCall(fill & 0x0f)});
}

// What GET shows after `list` was SET on an idle vCPU.
std::string AfterSet(const std::string& list) {
  const std::unique_ptr<Vm> vm = MakeVm(32);
  EXPECT_EQ(Set(*vm->FindVcpu(0), list), 0);
  return Get(*vm->FindVcpu(0));
}

TEST(OneInstantTest, GetIsEmptyOrOneOfTheListsAndNeverAMix) {
  const uint64_t seed = TestSeed();
  const std::string lists[] = {FilledList(0xaa), FilledList(0xbb)};
  const std::string images[] = {AfterSet(lists[0]), AfterSet(lists[1])};
  ASSERT_NE(images[0], images[1]);
  const std::unique_ptr<Vm> vm = MakeVm(32);
  Vcpu& vcpu = *vm->FindVcpu(0);
  std::atomic<int> writing{2};
  std::vector<std::thread> writers;
  for (int i = 0; i < 2; ++i) {
    writers.emplace_back([&, i] {
      Random random(seed + i);
      for (int n = 0; n < 4000; ++n) {
        const int ret = Set(vcpu, lists[i]);
        ASSERT_TRUE(ret == 0 || ret == -EBUSY) << ret;
        MaybeYield(random);
        if (Below(2, random)) {
          ASSERT_EQ(vcpu.Reset(ResetKind::kNormal), 0);
        }
      }
      --writing;
    });
  }
  std::array<std::atomic<int>, 3> seen = {};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (writing > 0) {
        const std::string now = Get(vcpu);
        const int which = now.empty() ? 2 : now == images[0] ? 0 : 1;
        ASSERT_TRUE(which != 1 || now == images[1]) << "a mix:\n" << HexRecords(now);
        ++seen[which];
      }
    });
  }
  JoinAll(&writers);
  JoinAll(&readers);

  EXPECT_GT(seen[0] + seen[1] + seen[2], 0);
}

// The kernel's own merging, from many threads: each machine check that was accepted is in the sum.
TEST(OneInstantTest, MachineChecksOfManyThreadsAddUp) {
  const std::unique_ptr<Vm> vm = MakeVm(1);
  Vcpu& vcpu = *vm->FindVcpu(0);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&vcpu, thread] {
      for (int bit = thread; bit < 62; bit += 4) {
        kvm_s390_mchk_info mchk = {};
        mchk.mcic = kExigent | uint64_t{1} << bit;
        mchk.cr14 = uint64_t{1} << bit;
        ASSERT_EQ(vcpu.S390Irq(Mchk(mchk)), 0);
      }
    });
  }
  JoinAll(&threads);

  kvm_s390_mchk_info sum = {};
  sum.cr14 = (uint64_t{1} << 62) - 1;
  sum.mcic = kExigent | sum.cr14;
  EXPECT_EQ(HexRecords(Get(vcpu)), HexRecords(Image(Mchk(sum))));
}

TEST(OneInstantTest, OneExternalCallWinsAndTheOthersAreBusy) {
  for (int round = 0; round < 300; ++round) {
    constexpr int kThreads = 3;
    const std::unique_ptr<Vm> vm = MakeVm(kThreads);
    Vcpu& vcpu = *vm->FindVcpu(0);
    Barrier start(kThreads);
    std::array<int, kThreads> rets;
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        start.Wait();
        rets[i] = vcpu.S390Irq(ExternalCall(static_cast<uint16_t>(i)));
      });
    }
    JoinAll(&threads);

    ASSERT_THAT(rets, testing::UnorderedElementsAre(0, -EBUSY, -EBUSY));
    const size_t winner = std::find(rets.begin(), rets.end(), 0) - rets.begin();
    ASSERT_EQ(HexRecords(Get(vcpu)), HexRecords(Image(ExternalCall(winner))));
  }
}

}  // namespace
}  // namespace irqd
