// Floating interrupts and the FLIC through both connections, which answer alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <string>
#include <vector>

#include "core/kvm_flic.h"
#include "core/limits.h"
#include "tests/client/connection_test_case.h"

namespace irqd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr uint32_t kAdapterIsc3 = 3;

DeviceAttr Attr(FlicGroup group, uint64_t attr = 0, uint32_t flags = 0) {
  return {flags, static_cast<uint32_t>(group), attr};
}

std::string Virtio(uint32_t parm, uint64_t parm64) {
  kvm_s390_irq irq = {};
  irq.type = KVM_S390_INT_VIRTIO;
  irq.u.ext.ext_params = parm;
  irq.u.ext.ext_params2 = parm64;
  return Image(irq);
}

std::string Io(uint16_t subchannel_nr, uint8_t isc) {
  kvm_s390_irq irq = {};
  irq.type = KVM_S390_INT_IO(0, 0, 1, 0);
  irq.u.io.subchannel_id = 1;
  irq.u.io.subchannel_nr = subchannel_nr;
  irq.u.io.io_int_word = uint32_t{isc} << 27;
  return Image(irq);
}

class FlicConnectionTest : public ConnectionTestCase {
 protected:
  FloatReply Set(uint64_t vm, const DeviceAttr& attr, const std::string& memory = "") {
    const auto reply = connection_->SetDeviceAttr(vm, attr, memory, kOptions);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return *reply;
  }
  int Enqueue(uint64_t vm, const std::string& images) {
    return Set(vm, Attr(FlicGroup::kEnqueue, images.size()), images).ret;
  }
  GetDeviceAttrReply Get(uint64_t vm, const DeviceAttr& attr) {
    const auto reply = connection_->GetDeviceAttr(vm, attr, kOptions);
    EXPECT_TRUE(reply.ok()) << reply.status();
    return *reply;
  }
  std::string Pending(uint64_t vm) {
    return Get(vm, Attr(FlicGroup::kGetAllIrqs, kFlicMaxBuffer)).memory;
  }
};

INSTANTIATE_TEST_SUITE_P(Targets, FlicConnectionTest, AllTargets(), TargetName);

TEST_P(FlicConnectionTest, InjectsIntoAVm) {
  const uint64_t vm = MakeVm();

  const auto ok = connection_->S390InterruptVm(vm, {KVM_S390_INT_VIRTIO, 7, 8}, kOptions);
  const auto bad = connection_->S390InterruptVm(vm, {KVM_S390_RESTART, 0, 0}, kOptions);

  EXPECT_EQ(ok->ret, 0);
  EXPECT_EQ(bad->ret, -EINVAL);
  EXPECT_EQ(Pending(vm), Virtio(7, 8));
}

TEST_P(FlicConnectionTest, SaysWhichVcpuWouldWake) {
  const uint64_t vm = MakeVm();
  const std::string two = Virtio(1, 1) + Virtio(2, 2);
  ASSERT_EQ(*connection_->SetMpState({vm, 1}, KVM_MP_STATE_OPERATING, kOptions), 0);
  ASSERT_EQ(*connection_->SetMpState({vm, 2}, KVM_MP_STATE_OPERATING, kOptions), 0);

  const FloatReply enqueued = Set(vm, Attr(FlicGroup::kEnqueue, two.size()), two);
  const auto injected = connection_->S390InterruptVm(vm, {KVM_S390_MCHK, 0, 0}, kOptions);

  EXPECT_THAT(enqueued.woken, ElementsAre(1, 2));
  EXPECT_THAT(injected->woken, ElementsAre(1));
}

TEST_P(FlicConnectionTest, ShowsFloatingInterruptsAtAGlance) {
  VmSpec spec;
  spec.name = "glance";
  const uint64_t vm = connection_->CreateVm(spec, kOptions)->id;
  EXPECT_EQ(connection_->GetVm(vm, kOptions)->floating_pending, 0);

  ASSERT_EQ(Enqueue(vm, Virtio(1, 1)), 0);

  const uint64_t virtio = 1u << 11;
  EXPECT_EQ(connection_->GetVm(vm, kOptions)->floating_pending, virtio);
  EXPECT_EQ(connection_->FindVm("glance", kOptions)->floating_pending, virtio);
  EXPECT_EQ((*connection_->ListVms(kOptions))[0].floating_pending, virtio);
}

TEST_P(FlicConnectionTest, GetsWhatWasEnqueuedInTheKernelsOrder) {
  const uint64_t vm = MakeVm();
  ASSERT_EQ(Enqueue(vm, Virtio(1, 1) + Io(4, 7) + Io(5, 0)), 0);

  const GetDeviceAttrReply all = Get(vm, Attr(FlicGroup::kGetAllIrqs, kFlicMaxBuffer));
  const GetDeviceAttrReply two = Get(vm, Attr(FlicGroup::kGetAllIrqs, 3 * kIrqSize - 1));

  EXPECT_EQ(all.ret, 3);
  EXPECT_EQ(all.memory, Io(5, 0) + Io(4, 7) + Virtio(1, 1));
  EXPECT_EQ(two.ret, -ENOMEM);
  EXPECT_THAT(two.memory, IsEmpty());
}

TEST_P(FlicConnectionTest, MemoryEndsWhereItWasSaidToEnd) {
  const uint64_t vm = MakeVm();

  const FloatReply half =
      Set(vm, Attr(FlicGroup::kEnqueue, 2 * kIrqSize), Virtio(1, 1) + Virtio(2, 2).substr(0, 9));

  EXPECT_EQ(half.ret, -EFAULT);
  EXPECT_EQ(Pending(vm), Virtio(1, 1));
}

TEST_P(FlicConnectionTest, Clears) {
  const uint64_t vm = MakeVm();
  ASSERT_EQ(Enqueue(vm, Io(4, 7) + Io(5, 0) + Virtio(1, 1)), 0);

  EXPECT_EQ(Set(vm, Attr(FlicGroup::kClearIoIrq, 4), std::string("\0\1\0\4", 4)).ret, 0);
  EXPECT_EQ(Pending(vm), Io(5, 0) + Virtio(1, 1));
  EXPECT_EQ(Set(vm, Attr(FlicGroup::kClearIoIrq, 4, 1), std::string(4, 1)).ret, -EINVAL);

  EXPECT_EQ(Set(vm, Attr(FlicGroup::kClearIrqs)).ret, 0);
  EXPECT_THAT(Pending(vm), IsEmpty());
}

TEST_P(FlicConnectionTest, SuppressesAdapterInterrupts) {
  const uint64_t vm = connection_->CreateVm(VmSpec(), kOptions)->id;
  const std::string adapter("\0\0\0\7\3\1\0\1", kIoAdapterSize);
  ASSERT_EQ(*connection_->EnableCap(vm, KVM_CAP_S390_AIS, 0, kOptions), 0);
  ASSERT_EQ(Set(vm, Attr(FlicGroup::kAdapterRegister), adapter).ret, 0);
  ASSERT_EQ(Set(vm, Attr(FlicGroup::kAism), std::string("\3\0\0\1", kAisReqSize)).ret, 0);

  EXPECT_EQ(Set(vm, Attr(FlicGroup::kAirqInject, 7)).ret, 0);
  EXPECT_EQ(Set(vm, Attr(FlicGroup::kAirqInject, 7)).ret, 0);
  const GetDeviceAttrReply modes = Get(vm, Attr(FlicGroup::kAismAll, kAisAllSize));

  EXPECT_THAT(Pending(vm), SizeIs(kIrqSize));
  EXPECT_EQ(modes.ret, 0);
  EXPECT_EQ(modes.memory, std::string(2, static_cast<char>(0x80 >> kAdapterIsc3)));
}

TEST_P(FlicConnectionTest, AReadTakesWhatTheGisaHolds) {
  const uint64_t vm = MakeVm("gisa");
  const std::string adapter("\0\0\0\7\3\1\0\0", kIoAdapterSize);
  ASSERT_EQ(Set(vm, Attr(FlicGroup::kAdapterRegister), adapter).ret, 0);
  ASSERT_EQ(Set(vm, Attr(FlicGroup::kAirqInject, 7)).ret, 0);

  EXPECT_THAT(Pending(vm), SizeIs(kIrqSize));
  EXPECT_THAT(Pending(vm), IsEmpty());
}

TEST_P(FlicConnectionTest, CreatesTheFlicOnce) {
  const uint64_t vm = MakeVm();

  EXPECT_EQ(*connection_->CreateDevice(vm, 1, 0, kOptions), -ENODEV);
  EXPECT_EQ(*connection_->CreateDevice(vm, KVM_DEV_TYPE_FLIC, KVM_CREATE_DEVICE_TEST, kOptions), 0);
  EXPECT_EQ(*connection_->CreateDevice(vm, KVM_DEV_TYPE_FLIC, 0, kOptions), 0);
  EXPECT_EQ(*connection_->CreateDevice(vm, KVM_DEV_TYPE_FLIC, 0, kOptions), -EINVAL);
}

TEST_P(FlicConnectionTest, EnablesCapabilities) {
  const uint64_t vm = MakeVm();
  const uint64_t old = MakeVm("linux-4.1");

  EXPECT_EQ(*connection_->EnableCap(vm, KVM_CAP_S390_IRQCHIP, 0, kOptions), 0);
  EXPECT_EQ(*connection_->EnableCap(vm, KVM_CAP_S390_IRQCHIP, 1, kOptions), -EINVAL);
  EXPECT_EQ(*connection_->EnableCap(vm, KVM_CAP_S390_AIS, 0, kOptions), -EBUSY);
  EXPECT_EQ(*connection_->EnableCap(vm, 0xffffffff, 0, kOptions), -EINVAL);
  EXPECT_EQ(*connection_->EnableCap(old, KVM_CAP_S390_AIS, 0, kOptions), -EINVAL);
}

TEST_P(FlicConnectionTest, UnknownGroupsReachTheKernel) {
  const uint64_t vm = MakeVm();
  for (const uint32_t group : {0u, 12u, 0x80000000u, 0xffffffffu}) {
    EXPECT_EQ(*connection_->HasDeviceAttr(vm, {0, group, 0}, kOptions), -ENXIO) << group;
    EXPECT_EQ(Set(vm, {0, group, 0}).ret, -EINVAL) << group;
    EXPECT_EQ(Get(vm, {0, group, 0}).ret, -EINVAL) << group;
  }
  for (uint32_t group = 1; group <= 11; ++group) {
    EXPECT_EQ(*connection_->HasDeviceAttr(vm, {0, group, 0}, kOptions), 0) << group;
  }
}

// A client that took no more than gRPC's usual 4 MiB would not get them.
TEST_P(FlicConnectionTest, GetsAllThatCanBePending) {
  const uint64_t vm = MakeVm();
  std::string part;
  while (part.size() + kIrqSize <= kMaxDeviceAttrMemory) part += Io(1, part.size() / kIrqSize % 8);
  const uint32_t in_part = part.size() / kIrqSize;
  for (uint32_t sent = 0; sent < kMaxFloatIrqs; sent += in_part) {
    ASSERT_EQ(Enqueue(vm, part), sent + in_part <= kMaxFloatIrqs ? 0 : -EBUSY);
  }

  const GetDeviceAttrReply all = Get(vm, Attr(FlicGroup::kGetAllIrqs, kFlicMaxBuffer));

  EXPECT_EQ(all.ret, kMaxFloatIrqs);
  EXPECT_THAT(all.memory, SizeIs(kMaxFloatIrqs * kIrqSize));
  EXPECT_EQ(all.memory.substr(0, kIrqSize), Io(1, 0));
}

TEST_P(FlicConnectionTest, NamesTheFieldThatIsWrong) {
  const uint64_t vm = MakeVm();
  const std::string huge(kMaxDeviceAttrMemory + 1, '\0');
  const DeviceAttr attr = Attr(FlicGroup::kClearIrqs);
  ASSERT_EQ(Enqueue(vm, Virtio(1, 1)), 0);

  // The field is looked at first.
  for (const uint64_t id : {vm, vm + 1000}) {
    const absl::Status status = connection_->SetDeviceAttr(id, attr, huge, kOptions).status();

    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(status.message(), "memory: is 65537 bytes long; the limit is 65536");
  }
  EXPECT_EQ(Pending(vm), Virtio(1, 1));
}

TEST_P(FlicConnectionTest, SaysWhichVmIsMissing) {
  const uint64_t id = MakeVm() + 1000;
  const DeviceAttr attr = Attr(FlicGroup::kClearIrqs);
  const absl::Status statuses[] = {
      connection_->S390InterruptVm(id, {KVM_S390_MCHK, 0, 0}, kOptions).status(),
      connection_->SetDeviceAttr(id, attr, "", kOptions).status(),
      connection_->GetDeviceAttr(id, attr, kOptions).status(),
      connection_->HasDeviceAttr(id, attr, kOptions).status(),
      connection_->CreateDevice(id, KVM_DEV_TYPE_FLIC, 0, kOptions).status(),
      connection_->EnableCap(id, KVM_CAP_S390_IRQCHIP, 0, kOptions).status(),
  };
  for (const absl::Status& status : statuses) {
    EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
    EXPECT_THAT(std::string(status.message()), HasSubstr("Vm " + std::to_string(id)));
  }
}

}  // namespace
}  // namespace irqd
