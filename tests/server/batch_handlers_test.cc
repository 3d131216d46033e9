#include "server/batch_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "core/irq_codec.h"
#include "core/kvm_s390.h"
#include "core/limits.h"
#include "tests/server/status_matchers.h"

namespace irqd {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr uint32_t kRoomForAll = 20664;

std::string Image(uint64_t type) {
  kvm_s390_irq irq = {};
  irq.type = type;
  std::string image(kIrqSize, '\0');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

const std::string kRestart = Image(KVM_S390_RESTART);
const std::string kCpuTimer = Image(KVM_S390_INT_CPU_TIMER);
const std::string kVirtio = Image(KVM_S390_INT_VIRTIO);  // none that a vCPU takes

// A VM "batch" with vCPUs 0, 3 and 7.
class BatchHandlersTest : public ::testing::Test {
 protected:
  BatchHandlersTest() {
    VmSpec spec;
    spec.name = "batch";
    spec.vcpu_ids = {0, 3, 7};
    vm_id_ = registry_.CreateVm(spec).vm.id;
    get_.mutable_vm()->set_id(vm_id_);
    get_.set_len(kRoomForAll);
    set_.mutable_vm()->set_id(vm_id_);
  }

  std::string Pending(uint32_t vcpu_id) {
    std::string images;
    registry_.Find(vm_id_)->FindVcpu(vcpu_id)->GetIrqState(kRoomForAll, &images);
    return images;
  }

  // Adds an element to the request of SetIrqStates.
  void AddSet(uint32_t vcpu_id, const std::string& images) {
    set_.add_vcpu_ids(vcpu_id);
    set_.add_len(static_cast<uint32_t>(images.size()));
    set_.mutable_buf()->append(images);
  }

  void SetPending(uint32_t vcpu_id, const std::string& images) {
    const auto* bytes = reinterpret_cast<const uint8_t*>(images.data());
    ASSERT_EQ(registry_.Find(vm_id_)->FindVcpu(vcpu_id)->SetIrqState(images.size(),
                                                                     {bytes, images.size()}),
              0);
  }

  VmRegistry registry_;
  BatchHandlers handlers_{&registry_};
  uint64_t vm_id_ = 0;
  v1::GetIrqStatesRequest get_;
  v1::GetIrqStatesResponse got_;
  v1::SetIrqStatesRequest set_;
  v1::SetIrqStatesResponse was_set_;
};

TEST_F(BatchHandlersTest, GetsAllVcpusAscending) {
  SetPending(3, kRestart + kCpuTimer);
  SetPending(7, kCpuTimer);

  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsOk());

  EXPECT_THAT(got_.vcpu_ids(), ElementsAre(0, 3, 7));
  EXPECT_THAT(got_.ret(), ElementsAre(0, 144, 72));
  EXPECT_THAT(got_.size(), ElementsAre(0, 144, 72));
  EXPECT_EQ(got_.buf(), Pending(3) + kCpuTimer);
}

TEST_F(BatchHandlersTest, GetsTheVcpusAskedForInOrderAndTwice) {
  SetPending(7, kRestart);
  for (const uint32_t id : {7, 0, 7}) get_.add_vcpu_ids(id);

  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsOk());

  EXPECT_THAT(got_.vcpu_ids(), ElementsAre(7, 0, 7));
  EXPECT_THAT(got_.ret(), ElementsAre(72, 0, 72));
  EXPECT_EQ(got_.buf(), kRestart + kRestart);
}

TEST_F(BatchHandlersTest, OneInstantAnswersAlike) {
  SetPending(3, kRestart + kCpuTimer);
  SetPending(7, kRestart);
  get_.set_one_instant(true);

  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsOk());

  EXPECT_THAT(got_.vcpu_ids(), ElementsAre(0, 3, 7));
  EXPECT_THAT(got_.ret(), ElementsAre(0, 144, 72));
  EXPECT_THAT(got_.size(), ElementsAre(0, 144, 72));
  EXPECT_EQ(got_.buf(), Pending(3) + kRestart);
}

TEST_F(BatchHandlersTest, OneInstantOfSomeVcpus) {
  SetPending(7, kRestart + kCpuTimer);
  for (const uint32_t id : {7, 0, 7}) get_.add_vcpu_ids(id);
  get_.set_one_instant(true);
  get_.set_len(72);

  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsOk());

  EXPECT_THAT(got_.vcpu_ids(), ElementsAre(7, 0, 7));
  EXPECT_THAT(got_.ret(), ElementsAre(-ENOBUFS, 0, -ENOBUFS));
  EXPECT_EQ(got_.buf(), kRestart + kRestart);
}

TEST_F(BatchHandlersTest, GetFindsAVmByName) {
  get_.mutable_vm()->set_name("batch");

  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsOk());

  EXPECT_THAT(got_.vcpu_ids(), SizeIs(3));
}

TEST_F(BatchHandlersTest, GetGivesWhatFitsOfEach) {
  SetPending(0, kRestart + kCpuTimer);
  SetPending(3, kCpuTimer);
  get_.set_len(kIrqSize);

  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsOk());

  EXPECT_THAT(got_.ret(), ElementsAre(-ENOBUFS, 72, 0));
  EXPECT_THAT(got_.size(), ElementsAre(72, 72, 0));
  EXPECT_EQ(got_.buf(), Pending(0).substr(0, kIrqSize) + kCpuTimer);
}

TEST_F(BatchHandlersTest, GetWithoutALenIsTheKernelsEinvalForEach) {
  get_.clear_len();

  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsOk());

  EXPECT_THAT(got_.ret(), ElementsAre(-EINVAL, -EINVAL, -EINVAL));
  EXPECT_THAT(got_.size(), ElementsAre(0, 0, 0));
}

TEST_F(BatchHandlersTest, OneSetThatFailsStopsNoOther) {
  SetPending(3, kCpuTimer);
  AddSet(0, kRestart);
  AddSet(3, kRestart);
  AddSet(7, kCpuTimer + kVirtio);
  AddSet(0, kRestart);

  EXPECT_THAT(handlers_.SetIrqStates(set_, &was_set_), IsOk());

  EXPECT_THAT(was_set_.ret(), ElementsAre(0, -EBUSY, -EINVAL, -EBUSY));
  EXPECT_EQ(Pending(0), kRestart);
  EXPECT_EQ(Pending(3), kCpuTimer);
  EXPECT_EQ(Pending(7), kCpuTimer) << "the records before the bad one stay";
}

TEST_F(BatchHandlersTest, TheKernelsLengthsAreCheckedForEach) {
  AddSet(0, std::string(71, '\0'));
  AddSet(3, "");
  AddSet(7, std::string(kRoomForAll + kIrqSize, '\0'));
  AddSet(0, kRestart);

  EXPECT_THAT(handlers_.SetIrqStates(set_, &was_set_), IsOk());

  EXPECT_THAT(was_set_.ret(), ElementsAre(-EINVAL, -EINVAL, -EINVAL, 0));
  EXPECT_EQ(Pending(0), kRestart) << "its bytes were found behind those of the others";
}

TEST_F(BatchHandlersTest, SetOfNothingIsNothing) {
  EXPECT_THAT(handlers_.SetIrqStates(set_, &was_set_), IsOk());

  EXPECT_THAT(was_set_.ret(), IsEmpty());
}

TEST_F(BatchHandlersTest, AWholeVmFitsIntoOneRequest) {
  for (size_t i = 0; i < kMaxBatchVcpus; ++i) AddSet(0, std::string(kRoomForAll, '\0'));

  EXPECT_LT(set_.ByteSizeLong(), static_cast<size_t>(kMaxRequestSize));
  EXPECT_THAT(handlers_.SetIrqStates(set_, &was_set_), IsOk());
}

struct Malformed {
  const char* name;
  const char* field;
  void (*edit)(v1::SetIrqStatesRequest*);
};

class MalformedBatchTest : public BatchHandlersTest,
                           public ::testing::WithParamInterface<Malformed> {};

// Also of a VM that is not there: these checks come before the look-up.
TEST_P(MalformedBatchTest, IsRefusedAndChangesNothing) {
  AddSet(0, kRestart);
  AddSet(3, kRestart);
  GetParam().edit(&set_);

  EXPECT_THAT(handlers_.SetIrqStates(set_, &was_set_), IsInvalid(GetParam().field));
  if (set_.vm().vm_case() == v1::VmRef::kId) set_.mutable_vm()->set_id(999);
  EXPECT_THAT(handlers_.SetIrqStates(set_, &was_set_), IsInvalid(GetParam().field));

  EXPECT_THAT(Pending(0), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedBatchTest,
    ::testing::Values(
        Malformed{"NoVm", "vm", [](v1::SetIrqStatesRequest* r) { r->clear_vm(); }},
        Malformed{"TooManyVcpus", "vcpu_ids",
                  [](v1::SetIrqStatesRequest* r) { r->mutable_vcpu_ids()->Resize(256, 0); }},
        Malformed{"LenForFewer", "len",
                  [](v1::SetIrqStatesRequest* r) { r->mutable_len()->RemoveLast(); }},
        Malformed{"LenForMore", "len", [](v1::SetIrqStatesRequest* r) { r->add_len(0); }},
        Malformed{"LenAboveTheLimit", "len[1]",
                  [](v1::SetIrqStatesRequest* r) { r->set_len(1, (64 << 10) + 1); }},
        Malformed{"BufTooShort", "buf",
                  [](v1::SetIrqStatesRequest* r) { r->mutable_buf()->pop_back(); }},
        Malformed{"BufTooLong", "buf",
                  [](v1::SetIrqStatesRequest* r) { r->mutable_buf()->push_back('\0'); }}),
    [](const auto& info) { return info.param.name; });

TEST_F(BatchHandlersTest, GetNeedsAVmAndTakesNoMoreVcpusThanOneHas) {
  get_.mutable_vcpu_ids()->Resize(256, 0);
  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsInvalid("vcpu_ids"));

  get_.clear_vm();
  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsInvalid("vm"));
}

TEST_F(BatchHandlersTest, NeitherFindsAVmThatIsNotThere) {
  AddSet(0, kRestart);
  get_.mutable_vm()->set_id(999);
  set_.mutable_vm()->set_name("nobody");

  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsNotFound("irqd.v1.Vm"));
  EXPECT_THAT(handlers_.SetIrqStates(set_, &was_set_), IsNotFound("irqd.v1.Vm"));
}

TEST_F(BatchHandlersTest, AVcpuThatIsNotThereKeepsAllOthersFromChanging) {
  get_.add_vcpu_ids(0);
  get_.add_vcpu_ids(1);
  AddSet(0, kRestart);
  AddSet(0xffffffff, kRestart);

  EXPECT_THAT(handlers_.GetIrqStates(get_, &got_), IsNotFound("irqd.v1.Vcpu"));
  EXPECT_THAT(handlers_.SetIrqStates(set_, &was_set_), IsNotFound("irqd.v1.Vcpu"));

  EXPECT_THAT(Pending(0), IsEmpty());
}

}  // namespace
}  // namespace irqd
