#include "server/inject_session.h"

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

std::string Image(uint64_t type) {
  kvm_s390_irq irq = {};
  irq.type = type;
  std::string image(kIrqSize, '\0');
  EncodeIrq(irq, reinterpret_cast<uint8_t*>(&image[0]));
  return image;
}

const std::string kRestart = Image(KVM_S390_RESTART);
const std::string kCpuTimer = Image(KVM_S390_INT_CPU_TIMER);
const std::string kExternalCall = Image(KVM_S390_INT_EXTERNAL_CALL);
const std::string kVirtio = Image(KVM_S390_INT_VIRTIO);  // none that a vCPU takes

// VMs "one" and "two" with vCPUs 0 and 1.
class InjectSessionTest : public ::testing::Test {
 protected:
  InjectSessionTest() : one_(MakeVm("one")), two_(MakeVm("two")) {
    request_.mutable_vm()->set_id(one_);
  }

  uint64_t MakeVm(const std::string& name) {
    VmSpec spec;
    spec.name = name;
    spec.vcpu_ids = {0, 1};
    return registry_.CreateVm(spec).vm.id;
  }

  std::string Pending(uint64_t vm_id, uint32_t vcpu_id) {
    std::string images;
    registry_.Find(vm_id)->FindVcpu(vcpu_id)->GetIrqState(20664, &images);
    return images;
  }

  void Add(uint32_t vcpu_id, const std::string& record) {
    request_.add_vcpu_ids(vcpu_id);
    request_.mutable_records()->append(record);
  }

  // Takes the next message of the stream, and leaves an empty one.
  grpc::Status Answer() {
    response_.Clear();
    const grpc::Status status = session_.Answer(request_, &response_);
    request_.Clear();
    return status;
  }

  VmRegistry registry_;
  InjectSession session_{&registry_};
  const uint64_t one_;
  const uint64_t two_;
  v1::InjectStreamRequest request_;
  v1::InjectStreamResponse response_;
};

TEST_F(InjectSessionTest, EachRecordHasItsVcpuAndItsRet) {
  Add(0, kRestart);
  Add(1, kVirtio);
  Add(1, kExternalCall);
  Add(1, kExternalCall);
  Add(0, kCpuTimer);

  EXPECT_THAT(Answer(), IsOk());

  EXPECT_THAT(response_.ret(), ElementsAre(0, -EINVAL, 0, -EBUSY, 0));
  EXPECT_EQ(Pending(one_, 0).size(), 2 * kIrqSize);
  EXPECT_EQ(Pending(one_, 1), kExternalCall);
}

TEST_F(InjectSessionTest, OneVcpuForAllRecords) {
  Add(1, kRestart + kVirtio + kCpuTimer);

  EXPECT_THAT(Answer(), IsOk());

  EXPECT_THAT(response_.ret(), ElementsAre(0, -EINVAL, 0));
  EXPECT_EQ(Pending(one_, 1).size(), 2 * kIrqSize);
}

TEST_F(InjectSessionTest, TakesAsManyRecordsAsTheLimit) {
  Add(0, std::string(kMaxStreamRecords * kIrqSize, '\0'));
  EXPECT_THAT(Answer(), IsOk());
  EXPECT_THAT(response_.ret(), SizeIs(kMaxStreamRecords));

  for (size_t i = 0; i < kMaxStreamRecords; ++i) Add(0, kRestart);
  EXPECT_THAT(Answer(), IsOk());
  EXPECT_THAT(response_.ret(), SizeIs(kMaxStreamRecords));
}

TEST_F(InjectSessionTest, MessagesWithoutAVmMeanTheLastOneNamed) {
  EXPECT_THAT(Answer(), IsOk());
  EXPECT_THAT(response_.ret(), IsEmpty()) << "an empty answer to an empty message";

  Add(0, kRestart);
  EXPECT_THAT(Answer(), IsOk());
  request_.mutable_vm()->set_name("two");
  Add(1, kRestart);
  EXPECT_THAT(Answer(), IsOk());
  Add(0, kCpuTimer);
  EXPECT_THAT(Answer(), IsOk());

  EXPECT_EQ(Pending(one_, 0), kRestart);
  EXPECT_EQ(Pending(two_, 1), kRestart);
  EXPECT_EQ(Pending(two_, 0), kCpuTimer);
}

TEST_F(InjectSessionTest, ANameIsTheVmThatHadItWhenItWasSaid) {
  request_.mutable_vm()->set_name("two");
  EXPECT_THAT(Answer(), IsOk());
  registry_.DeleteVm(two_);
  const uint64_t other = MakeVm("two");

  Add(0, kRestart);
  EXPECT_THAT(Answer(), IsNotFound("irqd.v1.Vm"));

  EXPECT_THAT(Pending(other, 0), IsEmpty());
}

TEST_F(InjectSessionTest, AnEmptyMessageNeedsItsVmToo) {
  EXPECT_THAT(Answer(), IsOk());
  registry_.DeleteVm(one_);

  EXPECT_THAT(Answer(), IsNotFound("irqd.v1.Vm"));
}

TEST_F(InjectSessionTest, TheFirstMessageNamesAVm) {
  request_.clear_vm();
  Add(0, kRestart);
  EXPECT_THAT(Answer(), IsInvalid("vm"));
}

TEST_F(InjectSessionTest, FindsNoVmAndNoVcpuThatIsNotThere) {
  request_.mutable_vm()->set_name("nobody");
  EXPECT_THAT(Answer(), IsNotFound("irqd.v1.Vm"));

  request_.mutable_vm()->set_id(one_);
  Add(0, kRestart);
  Add(2, kRestart);
  EXPECT_THAT(Answer(), IsNotFound("irqd.v1.Vcpu"));
  EXPECT_THAT(Pending(one_, 0), IsEmpty());
}

struct Malformed {
  const char* name;
  const char* field;
  size_t vcpu_ids;
  size_t records_size;
};

class MalformedInjectTest : public InjectSessionTest,
                            public ::testing::WithParamInterface<Malformed> {};

TEST_P(MalformedInjectTest, InjectsNothing) {
  std::string records;
  while (records.size() < GetParam().records_size) records += kRestart;
  records.resize(GetParam().records_size);
  request_.set_records(records);
  request_.mutable_vcpu_ids()->Resize(static_cast<int>(GetParam().vcpu_ids), 0);

  EXPECT_THAT(Answer(), IsInvalid(GetParam().field));

  EXPECT_THAT(Pending(one_, 0), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(All, MalformedInjectTest,
                         ::testing::Values(Malformed{"HalfARecord", "records", 1, kIrqSize / 2},
                                           Malformed{"ARecordAndAByte", "records", 1, kIrqSize + 1},
                                           Malformed{"TooManyForOneVcpu", "records", 1,
                                                     1025 * kIrqSize},
                                           Malformed{"TooMany", "records", 1025, 1025 * kIrqSize},
                                           Malformed{"NoVcpu", "vcpu_ids", 0, kIrqSize},
                                           Malformed{"TooFewVcpus", "vcpu_ids", 2, 3 * kIrqSize},
                                           Malformed{"TooManyVcpus", "vcpu_ids", 3, 2 * kIrqSize},
                                           Malformed{"VcpusWithoutRecords", "vcpu_ids", 2, 0}),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace irqd
