// FloatTaker: nothing is gone before Commit, and afterwards exactly what was taken.
#include "core/float_taker.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/float_samples.h"

namespace irqd {
namespace {

FloatIrq IoOf(int isc) { return static_cast<FloatIrq>(static_cast<int>(FloatIrq::kIoIsc0) + isc); }

class FloatTakerTest : public testing::Test {
 protected:
  FloatTakerTest() {
    EXPECT_EQ(flic_.Enqueue({IoOn(3, 1), IoOn(3, 2), IoOn(5, 1), AdapterIrq(3), PfaultDone(1),
                             PfaultDone(2), Virtio(1, 2), Virtio(3, 4), Service(0x1002),
                             FloatMchk(kLimitedCr14, 5)}),
              0);
  }

  ValueFlic flic_{WithGisa()};
};

TEST_F(FloatTakerTest, CountsEachKind) {
  const FloatTaker taker(&flic_.state);

  EXPECT_EQ(taker.Count(FloatIrq::kMchkRepressible), 1u);
  EXPECT_EQ(taker.Count(FloatIrq::kServiceEvent), 1u);
  EXPECT_EQ(taker.Count(FloatIrq::kService), 1u);
  EXPECT_EQ(taker.Count(FloatIrq::kPfaultDone), 2u);
  EXPECT_EQ(taker.Count(FloatIrq::kVirtio), 2u);
  EXPECT_EQ(taker.Count(IoOf(3)), 3u) << "the GISA's included";
  EXPECT_EQ(taker.Count(IoOf(5)), 1u);
  EXPECT_EQ(taker.Count(IoOf(0)), 0u);
  EXPECT_EQ(taker.mchk_cr14(), kLimitedCr14);
  EXPECT_EQ(taker.gisa_ipm(), 0x10);
}

TEST_F(FloatTakerTest, TakesTheOldestAndTheGisaLast) {
  FloatTaker taker(&flic_.state);

  EXPECT_EQ(HexOf({taker.TakeIo(3), taker.TakeIo(3), taker.TakeIo(3)}),
            HexOf({IoOn(3, 1), IoOn(3, 2), AdapterIrq(3)}));
  EXPECT_EQ(HexOf({taker.TakePfaultDone(), taker.TakePfaultDone()}),
            HexOf({PfaultDone(1), PfaultDone(2)}));
  EXPECT_EQ(HexOf({taker.TakeVirtio(), taker.TakeVirtio()}), HexOf({Virtio(1, 2), Virtio(3, 4)}));

  EXPECT_EQ(taker.Count(IoOf(3)), 0u);
  EXPECT_EQ(taker.Count(IoOf(5)), 1u);
  EXPECT_EQ(taker.Count(FloatIrq::kPfaultDone), 0u);
  EXPECT_EQ(taker.Count(FloatIrq::kVirtio), 0u);
  EXPECT_EQ(taker.gisa_ipm(), 0);
}

TEST_F(FloatTakerTest, WithoutCommitNothingIsGone) {
  const std::string before = flic_.Pending();
  const uint64_t word = flic_.Word();
  {
    FloatTaker taker(&flic_.state);
    kvm_s390_mchk_info mchk = {};
    for (int i = 0; i < 3; ++i) taker.TakeIo(3);
    taker.TakePfaultDone();
    taker.TakeVirtio();
    taker.TakeServiceEvent();
    taker.TakeService();
    taker.TakeMchk(&mchk);
  }

  EXPECT_EQ(flic_.Pending(), before);
  EXPECT_EQ(flic_.Word(), word);
  EXPECT_EQ(flic_.state.io_count, 3u);
  EXPECT_EQ(FloatTaker(&flic_.state).Count(IoOf(3)), 3u) << "the next trial starts again";
}

TEST_F(FloatTakerTest, CommitTakesExactlyWhatWasTaken) {
  FloatTaker taker(&flic_.state);
  taker.TakeIo(3);
  taker.TakePfaultDone();
  taker.TakeVirtio();
  taker.TakeServiceEvent();

  taker.Commit();

  EXPECT_EQ(flic_.Pending(), HexOf({AdapterIrq(3), IoOn(3, 2), IoOn(5, 1), PfaultDone(2),
                                    Virtio(3, 4), Service(0x1000), FloatMchk(kLimitedCr14, 5)}));
  EXPECT_EQ(flic_.state.io_count, 2u);
  EXPECT_EQ(taker.Count(IoOf(3)), 2u) << "it goes on from there";
  taker.Commit();
  EXPECT_EQ(flic_.state.io_count, 2u) << "a second commit takes nothing more";
}

TEST_F(FloatTakerTest, CommitOfAllLeavesNothing) {
  FloatTaker taker(&flic_.state);
  kvm_s390_mchk_info mchk = {};
  for (int i = 0; i < 3; ++i) taker.TakeIo(3);
  taker.TakeIo(5);
  for (int i = 0; i < 2; ++i) taker.TakePfaultDone();
  for (int i = 0; i < 2; ++i) taker.TakeVirtio();
  taker.TakeService();
  taker.TakeMchk(&mchk);

  taker.Commit();

  EXPECT_EQ(flic_.Pending(), "");
  EXPECT_EQ(flic_.Word(), 0u);
  EXPECT_EQ(flic_.state.io_count, 0u);
  EXPECT_EQ(flic_.state.mchk_cr14, 0u);
  EXPECT_EQ(flic_.state.service_parm, 0u);
}

TEST_F(FloatTakerTest, ServiceTakesTheEventAlong) {
  FloatTaker taker(&flic_.state);

  EXPECT_EQ(HexOf({taker.TakeService()}), HexOf({Service(0x1002)}));

  EXPECT_EQ(taker.Count(FloatIrq::kService), 0u);
  EXPECT_EQ(taker.Count(FloatIrq::kServiceEvent), 0u);
}

TEST_F(FloatTakerTest, EventLeavesTheAddress) {
  FloatTaker taker(&flic_.state);

  EXPECT_EQ(HexOf({taker.TakeServiceEvent()}), HexOf({Service(0x1002)}));
  EXPECT_EQ(taker.Count(FloatIrq::kServiceEvent), 0u);
  EXPECT_EQ(HexOf({taker.TakeService()}), HexOf({Service(0x1000)}));
}

TEST_F(FloatTakerTest, MchkIsAddedToWhatIsThere) {
  FloatTaker taker(&flic_.state);
  kvm_s390_mchk_info mchk = FilledMchk(0x21, 0x8000);

  taker.TakeMchk(&mchk);

  EXPECT_EQ(mchk.cr14, FilledMchk(0x21, 0).cr14 | kLimitedCr14);
  EXPECT_EQ(mchk.mcic, 0x8005u);
  EXPECT_EQ(mchk.failing_storage_address, FilledMchk(0x21, 0).failing_storage_address);
  EXPECT_EQ(taker.mchk_cr14(), 0u) << "it lets nothing more through";
}

TEST(FloatTakerNullTest, HasNothing) {
  FloatTaker taker;

  for (int irq = 0; irq < kFloatIrqCount; ++irq) {
    EXPECT_EQ(taker.Count(static_cast<FloatIrq>(irq)), 0u) << irq;
  }
  taker.Commit();
}

}  // namespace
}  // namespace irqd
