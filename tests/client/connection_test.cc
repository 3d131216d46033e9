// Both connections, to a server and to the simulation in this process, answer alike.
#include "client/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>

#include "core/limits.h"
#include "tests/client/connection_test_case.h"

namespace irqd {
namespace {

using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

VmSpec Named(const char* name) {
  VmSpec spec;
  spec.name = name;
  return spec;
}

class ConnectionTest : public ConnectionTestCase {};

INSTANTIATE_TEST_SUITE_P(Targets, ConnectionTest, AllTargets(), TargetName);

TEST_P(ConnectionTest, CreatesAVmAsSpecified) {
  VmSpec spec = Named("dasher");
  spec.profile = *ParseHostProfile("linux-4.1,no-sigpif,no-esca,gisa");
  spec.vcpu_ids = {7, 3};

  const auto vm = connection_->CreateVm(spec, kOptions);

  ASSERT_TRUE(vm.ok()) << vm.status();
  EXPECT_EQ(vm->name, "dasher");
  EXPECT_NE(vm->id, 0);
  EXPECT_EQ(vm->profile, spec.profile);
  EXPECT_EQ(vm->vcpu_count, 2);
}

TEST_P(ConnectionTest, FindsAVmByIdAndByName) {
  const uint64_t id = connection_->CreateVm(Named("dancer"), kOptions)->id;

  EXPECT_EQ(connection_->GetVm(id, kOptions)->name, "dancer");
  EXPECT_EQ(connection_->FindVm("dancer", kOptions)->id, id);
}

TEST_P(ConnectionTest, NamesAVmThatHasNone) {
  const auto vm = connection_->CreateVm(VmSpec(), kOptions);

  EXPECT_EQ(vm->name, "vm-" + std::to_string(vm->id));
}

struct BadSpec {
  const char* name;
  std::vector<uint32_t> vcpu_ids;
  absl::StatusCode code;
  const char* message;
};

TEST_P(ConnectionTest, RefusesSpecsThatCannotBe) {
  ASSERT_TRUE(connection_->CreateVm(Named("taken"), kOptions).ok());
  const BadSpec cases[] = {
      {"Upper", {}, absl::StatusCode::kInvalidArgument, "name: 'Upper'"},
      {"", {0, 1, 0}, absl::StatusCode::kInvalidArgument, "vcpu_ids[2]"},
      {"", {248}, absl::StatusCode::kInvalidArgument, "vcpu_ids[0]"},
      {"taken", {}, absl::StatusCode::kAlreadyExists, "'taken' exists"},
  };
  for (const BadSpec& bad : cases) {
    VmSpec spec = Named(bad.name);
    spec.vcpu_ids = bad.vcpu_ids;

    const auto vm = connection_->CreateVm(spec, kOptions);

    EXPECT_EQ(vm.status().code(), bad.code) << bad.message;
    EXPECT_THAT(std::string(vm.status().message()), HasSubstr(bad.message));
  }
  EXPECT_THAT(*connection_->ListVms(kOptions), SizeIs(1));
}

TEST_P(ConnectionTest, ListsMoreVmsThanAPageHolds) {
  const size_t count = kMaxPageSize + 1;
  for (size_t i = 0; i < count; ++i) ASSERT_TRUE(connection_->CreateVm(VmSpec(), kOptions).ok());

  const auto vms = connection_->ListVms(kOptions);

  ASSERT_TRUE(vms.ok()) << vms.status();
  ASSERT_THAT(*vms, SizeIs(count));
  for (size_t i = 1; i < count; ++i) EXPECT_LT((*vms)[i - 1].id, (*vms)[i].id);
}

TEST_P(ConnectionTest, DeletesAVm) {
  const uint64_t id = MakeVm();

  EXPECT_TRUE(connection_->DeleteVm(id, kOptions).ok());

  EXPECT_EQ(connection_->GetVm(id, kOptions).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(connection_->DeleteVm(id, kOptions).code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(*connection_->ListVms(kOptions), IsEmpty());
}

TEST_P(ConnectionTest, CreatesVcpus) {
  const uint64_t id = connection_->CreateVm(VmSpec(), kOptions)->id;

  EXPECT_EQ(*connection_->CreateVcpu({id, 5}, kOptions), 0);
  EXPECT_EQ(*connection_->CreateVcpu({id, 5}, kOptions), -EEXIST);
  EXPECT_EQ(*connection_->CreateVcpu({id, 248}, kOptions), -EINVAL);
  EXPECT_EQ(*connection_->CreateVcpu({id, 2}, kOptions), 0);

  EXPECT_THAT(*connection_->ListVcpus(id, kOptions),
              ElementsAre(Field(&VcpuInfo::id, 2), Field(&VcpuInfo::id, 5)));
}

TEST_P(ConnectionTest, ListsWhatVcpusLookLike) {
  const uint64_t id = MakeVm();
  ASSERT_EQ(*connection_->S390Irq({id, 1}, Image(KVM_S390_RESTART), kOptions), 0);
  ASSERT_EQ(*connection_->SetMpState({id, 2}, KVM_MP_STATE_OPERATING, kOptions), 0);

  const auto vcpus = connection_->ListVcpus(id, kOptions);

  ASSERT_THAT(*vcpus, SizeIs(3));
  EXPECT_EQ((*vcpus)[0].pending, 0);
  EXPECT_EQ((*vcpus)[1].pending, 1u << 1);
  EXPECT_EQ((*vcpus)[1].mp_state, KVM_MP_STATE_STOPPED);
  EXPECT_EQ((*vcpus)[2].mp_state, KVM_MP_STATE_OPERATING);
}

TEST_P(ConnectionTest, MovesInterruptsFromVcpuToVcpu) {
  const uint64_t id = MakeVm();
  const std::string images =
      Image(KVM_S390_RESTART) + Image(KVM_S390_INT_EMERGENCY, 0) + Image(KVM_S390_INT_EMERGENCY, 2);

  const auto set = connection_->SetIrqState({id, 0}, images.size(), images, kOptions);
  const auto got = connection_->GetIrqState({id, 0}, images.size(), kOptions);
  const auto short_got = connection_->GetIrqState({id, 0}, 2 * kIrqSize + 1, kOptions);

  ASSERT_TRUE(set.ok() && got.ok() && short_got.ok());
  EXPECT_EQ(*set, 0);
  EXPECT_EQ(got->ret, images.size());
  EXPECT_EQ(got->buf, images);
  EXPECT_EQ(short_got->ret, -ENOBUFS);
  EXPECT_EQ(short_got->buf, images.substr(0, 2 * kIrqSize));
}

TEST_P(ConnectionTest, SetReadsOnlyWhatTheKernelWouldRead) {
  const VcpuAddress vcpu{MakeVm(), 0};
  const std::string image = Image(KVM_S390_RESTART);

  EXPECT_EQ(*connection_->SetIrqState(vcpu, 0, "", kOptions), -EINVAL);
  EXPECT_EQ(*connection_->SetIrqState(vcpu, 0xffffffff, "", kOptions), -EINVAL);
  EXPECT_EQ(*connection_->SetIrqState(vcpu, kIrqSize, image + "more", kOptions), 0);
}

TEST_P(ConnectionTest, InjectsAndResets) {
  const VcpuAddress vcpu{MakeVm(), 0};

  EXPECT_EQ(*connection_->S390Interrupt(vcpu, {KVM_S390_INT_EMERGENCY, 1, 0}, kOptions), 0);
  EXPECT_EQ(*connection_->S390Interrupt(vcpu, {KVM_S390_INT_EMERGENCY, 99, 0}, kOptions), -EINVAL);
  EXPECT_EQ(connection_->GetIrqState(vcpu, 1000, kOptions)->buf, Image(KVM_S390_INT_EMERGENCY, 1));
  for (const ResetKind kind : {ResetKind::kNormal, ResetKind::kInitial, ResetKind::kClear}) {
    ASSERT_EQ(*connection_->S390Irq(vcpu, Image(KVM_S390_RESTART), kOptions), 0);
    EXPECT_EQ(*connection_->Reset(vcpu, kind, kOptions), 0);
    EXPECT_EQ(connection_->GetIrqState(vcpu, 1000, kOptions)->ret, 0);
  }
}

TEST_P(ConnectionTest, StopsAndStarts) {
  const VcpuAddress vcpu{MakeVm(), 0};

  EXPECT_EQ(*connection_->GetMpState(vcpu, kOptions), KVM_MP_STATE_STOPPED);
  EXPECT_EQ(*connection_->SetMpState(vcpu, KVM_MP_STATE_OPERATING, kOptions), 0);
  EXPECT_EQ(*connection_->GetMpState(vcpu, kOptions), KVM_MP_STATE_OPERATING);
  EXPECT_EQ(*connection_->SetMpState(vcpu, KVM_MP_STATE_LOAD, kOptions), -ENXIO);
}

TEST_P(ConnectionTest, ChecksExtensionsOfAProfile) {
  const HostProfile basic = *ParseHostProfile("no-esca");

  EXPECT_EQ(*connection_->CheckExtension(basic, KVM_CAP_MAX_VCPUS, kOptions), kBscaCpuSlots);
  EXPECT_EQ(*connection_->CheckExtension(DefaultHostProfile(), KVM_CAP_MAX_VCPUS, kOptions),
            kEscaCpuSlots);
  EXPECT_EQ(*connection_->CheckExtension(basic, uint64_t{1} << 40, kOptions), 0);
}

TEST_P(ConnectionTest, Serves) { EXPECT_TRUE(*connection_->IsServing(kOptions)); }

TEST_P(ConnectionTest, SaysWhichVmOrVcpuIsMissing) {
  const uint64_t id = MakeVm();
  const uint64_t no_id = id + 1000;
  const std::string image = Image(KVM_S390_RESTART);
  const kvm_s390_interrupt interrupt = {KVM_S390_RESTART, 0, 0};
  for (const VcpuAddress& vcpu : {VcpuAddress{no_id, 0}, VcpuAddress{id, 77}}) {
    const std::string missing =
        vcpu.vm_id == id ? "Vcpu 77 of VM " + std::to_string(id) : "Vm " + std::to_string(no_id);
    const absl::Status statuses[] = {
        connection_->GetIrqState(vcpu, 72, kOptions).status(),
        connection_->SetIrqState(vcpu, 72, image, kOptions).status(),
        connection_->S390Irq(vcpu, image, kOptions).status(),
        connection_->S390Interrupt(vcpu, interrupt, kOptions).status(),
        connection_->Reset(vcpu, ResetKind::kNormal, kOptions).status(),
        connection_->SetMpState(vcpu, KVM_MP_STATE_STOPPED, kOptions).status(),
        connection_->GetMpState(vcpu, kOptions).status(),
    };
    for (const absl::Status& status : statuses) {
      EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
      EXPECT_THAT(std::string(status.message()), HasSubstr(missing));
    }
  }
  EXPECT_EQ(connection_->FindVm("nobody", kOptions).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(connection_->CreateVcpu({no_id, 0}, kOptions).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(connection_->ListVcpus(no_id, kOptions).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(ConnectionTest, NamesTheFieldThatIsWrong) {
  const VcpuAddress vcpu{MakeVm(), 0};
  const std::string huge(kMaxIrqStateBuf + 1, '\0');
  const struct {
    absl::Status status;
    const char* field;
  } cases[] = {
      {connection_->S390Irq(vcpu, std::string(71, '\0'), kOptions).status(), "record: is 71"},
      {connection_->SetIrqState(vcpu, 144, huge.substr(0, 143), kOptions).status(), "buf: is 143"},
      {connection_->SetIrqState(vcpu, 72, huge, kOptions).status(), "buf: is 65537"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(test.status.code(), absl::StatusCode::kInvalidArgument) << test.field;
    EXPECT_THAT(std::string(test.status.message()), HasSubstr(test.field));
  }
  EXPECT_EQ(connection_->GetIrqState(vcpu, 72, kOptions)->ret, 0);
}

TEST(ConnectTest, RefusesTargetsThatCannotBe) {
  for (const std::string& target :
       {std::string(), std::string(kMaxTargetLength + 1, 'a'), std::string("inproc:x")}) {
    EXPECT_EQ(Connect(target).status().code(), absl::StatusCode::kInvalidArgument) << target;
  }
}

TEST(ConnectTest, EachInprocIsASimulationOfItsOwn) {
  const auto one = *Connect("inproc:");
  const auto other = *Connect("inproc:");

  ASSERT_TRUE(one->CreateVm(Named("mine"), kOptions).ok());

  EXPECT_EQ(other->FindVm("mine", kOptions).status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace irqd
