// KVM_SET_DEVICE_ATTR on the FLIC, group by group, and the other calls around it.
#include <cerrno>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "tests/core/value_float.h"

namespace irqd {
namespace {

using testing::ElementsAre;

std::string Hex(const std::vector<kvm_s390_irq>& irqs) { return HexRecords(Images(irqs)); }

struct Length {
  std::string name;
  uint64_t attr;
  size_t records;  // of I/O that lie in memory
  int ret;
  size_t queued;
};
class EnqueueLengthTest : public testing::TestWithParam<Length> {};
INSTANTIATE_TEST_SUITE_P(
    Lengths, EnqueueLengthTest,
    testing::Values(Length{"S7_ZeroIsFine", 0, 1, 0, 0}, Length{"S7_LessThanMemory", 72, 3, 0, 1},
                    Length{"S7_All", 216, 3, 0, 3}, Length{"S7_NoMultiple", 73, 3, -EINVAL, 0},
                    Length{"S7_OneByteLess", 71, 3, -EINVAL, 0},
                    Length{"S7_BeyondMemoryKeepsWhatIsThere", 144, 1, -EFAULT, 1},
                    Length{"S7_LongestMultiple", 0x2000000 - 0x2000000 % 72, 1, -EFAULT, 1},
                    Length{"S7_AboveTheLimit", 0x2000000 + 72 - 0x2000000 % 72, 1, -EINVAL, 0},
                    Length{"S7_HighBitsAreCutOff", 0x100000048, 1, 0, 1}),
    [](const auto& info) { return info.param.name; });

TEST_P(EnqueueLengthTest, IsASignedMultipleOfARecord) {
  ValueFloat vm;
  const std::vector<kvm_s390_irq> irqs(GetParam().records, Io(2, 5));

  EXPECT_EQ(vm.Set(FlicGroup::kEnqueue, GetParam().attr, Images(irqs)), GetParam().ret);

  EXPECT_EQ(vm.state.io[2].size(), GetParam().queued);
  EXPECT_EQ(vm.wakes.size(), GetParam().queued);
}

TEST(FlicTest, S7_EnqueueStopsAtTheFirstError) {
  ValueFloat vm;

  EXPECT_EQ(vm.Enqueue({Virtio(1, 2), Emergency(0), Virtio(3, 4)}), -EINVAL);

  EXPECT_EQ(vm.Listed(), Hex({Virtio(1, 2)}));
  EXPECT_THAT(vm.wakes, ElementsAre(KVM_S390_INT_VIRTIO));
}

TEST(FlicTest, S7_EnqueueTakesEachTypeAndRefusesOthers) {
  for (const kvm_s390_irq& irq : {Virtio(1, 2), PfaultDone(3), Service(0x1000),
                                  FloatMchk(0x10000000, 1), Io(7, 9), Io(0, 0, 0xfffdffff)}) {
    ValueFloat vm;
    EXPECT_EQ(vm.Enqueue({irq}), 0);
    EXPECT_EQ(vm.Listed(), Hex({irq}));
  }
  for (const kvm_s390_irq& irq :
       {Emergency(0), PfaultInit(0, 0), Irq(KVM_S390_RESTART), Stop(), Irq(uint64_t{1} << 32)}) {
    ValueFloat vm;
    EXPECT_EQ(vm.Enqueue({irq}), -EINVAL) << irq.type;
    EXPECT_EQ(vm.state.Pending(), 0u);
  }
}

TEST(FlicTest, S7_EnqueueKeepsPadAndDropsOtherFieldsOfAMachineCheck) {
  ValueFloat vm;
  kvm_s390_irq virtio = Virtio(1, 2);
  virtio.u.ext.pad = 3;
  kvm_s390_irq mchk = Mchk(FilledMchk(0x21, 5));

  EXPECT_EQ(vm.Enqueue({virtio, mchk}), 0);

  EXPECT_EQ(vm.Listed(), Hex({virtio, FloatMchk(mchk.u.mchk.cr14 & 0x10000000, 5)}));
}

// Of a record at the end of readable memory only the type and its member must be there.
TEST(FlicTest, S7_EnqueueReadsNoMoreThanTheMember) {
  struct {
    size_t bytes;
    int ret;
  } const cases[] = {{7, -EFAULT}, {8, -EFAULT}, {8 + 11, -EFAULT}, {8 + 12, 0}, {72, 0}};
  for (const auto& c : cases) {
    ValueFloat vm;
    const std::string memory = Images({Io(3, 1)}).substr(0, c.bytes);
    EXPECT_EQ(vm.Set(FlicGroup::kEnqueue, kIrqSize, memory), c.ret) << c.bytes;
    EXPECT_EQ(vm.state.io_count, c.ret == 0 ? 1u : 0u) << c.bytes;
  }
  ValueFloat vm;
  const std::string unknown = Images({Emergency(0)}).substr(0, 8);
  EXPECT_EQ(vm.Set(FlicGroup::kEnqueue, kIrqSize, unknown), -EINVAL) << "before the member is read";
}

std::vector<kvm_s390_irq> OneOfEachFloating() {
  return {Io(0, 1), Io(7, 2), PfaultDone(3), Virtio(4, 5), Service(0x1001), FloatMchk(0, 6)};
}

TEST(FlicTest, S7_ClearRemovesAllAndKeepsTheModes) {
  ValueFloat vm;
  vm.profile.gisa = true;
  vm.state.has_ais = true;
  vm.state.ais_simm = 0x12;
  vm.Enqueue(OneOfEachFloating());
  vm.Interrupt(kIntIoAdapter, 0, 0);

  EXPECT_EQ(vm.Set(FlicGroup::kClearIrqs, 0, ""), 0);

  EXPECT_EQ(vm.Listed(), "");
  EXPECT_EQ(vm.state.Pending(), 0u);
  EXPECT_EQ(vm.state.io_count, 0u);
  EXPECT_EQ(vm.state.service_parm, 0u);
  EXPECT_EQ(vm.state.mchk_mcic, 0u);
  EXPECT_EQ(vm.state.ais_simm, 0x12);
}

std::string Word(uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}

TEST(FlicTest, S7_ClearIoRemovesTheOldestOfTheLowestSubclass) {
  ValueFloat vm;
  kvm_s390_irq second = Io(3, 9);
  second.u.io.io_int_parm = 1;
  vm.Enqueue({Io(5, 9), Io(3, 8), Io(3, 9), second});

  EXPECT_EQ(vm.Set(FlicGroup::kClearIoIrq, 4, Word(0x00010009)), 0);
  EXPECT_EQ(vm.Listed(), Hex({Io(3, 8), second, Io(5, 9)}));
  EXPECT_EQ(vm.state.io_count, 3u);

  EXPECT_EQ(vm.Set(FlicGroup::kClearIoIrq, 4, Word(0x0001000a)), 0) << "nothing of that id";
  EXPECT_EQ(vm.state.io_count, 3u);
}

TEST(FlicTest, S7_ClearIoChecksInOrder) {
  ValueFloat vm;
  EXPECT_EQ(vm.Set(FlicGroup::kClearIoIrq, 4, "", 1), -EINVAL);
  EXPECT_EQ(vm.Set(FlicGroup::kClearIoIrq, 3, ""), -EINVAL);
  EXPECT_EQ(vm.Set(FlicGroup::kClearIoIrq, 5, ""), -EINVAL);
  EXPECT_EQ(vm.Set(FlicGroup::kClearIoIrq, 4, "abc"), -EFAULT);
  EXPECT_EQ(vm.Set(FlicGroup::kClearIoIrq, 4, Word(0)), -EINVAL);
}

std::string Adapter(uint32_t id, uint8_t isc, bool maskable, uint8_t flags) {
  return Word(id) + std::string{static_cast<char>(isc), maskable, 0, static_cast<char>(flags)};
}
std::string AdapterRequest(uint32_t id, uint8_t type, uint8_t mask) {
  return Word(id) + std::string{static_cast<char>(type), static_cast<char>(mask)} +
         std::string(10, '\0');
}

TEST(FlicTest, S7_AdaptersAreRegisteredOnce) {
  ValueFloat vm;
  EXPECT_EQ(vm.Set(FlicGroup::kAdapterRegister, 0, Adapter(63, 3, true, 1)), 0);
  EXPECT_EQ(vm.Set(FlicGroup::kAdapterRegister, 0, Adapter(63, 3, true, 1)), -EINVAL);
  EXPECT_EQ(vm.Set(FlicGroup::kAdapterRegister, 0, Adapter(64, 3, true, 1)), -EINVAL);
  EXPECT_EQ(vm.Set(FlicGroup::kAdapterRegister, 0, Adapter(0, 3, true, 1).substr(1)), -EFAULT);
}

TEST(FlicTest, S7_AdaptersAreModified) {
  ValueFloat vm;
  vm.Set(FlicGroup::kAdapterRegister, 0, Adapter(1, 3, true, 0));
  vm.Set(FlicGroup::kAdapterRegister, 0, Adapter(2, 3, false, 0));
  struct {
    uint32_t id;
    uint8_t request;
    int ret;
  } const cases[] = {{1, 1, 0},       {1, 2, 0}, {1, 3, 0},       {1, 0, -EINVAL}, {1, 4, -EINVAL},
                     {2, 1, -EINVAL}, {2, 2, 0}, {3, 1, -EINVAL}, {64, 1, -EINVAL}};
  for (const auto& c : cases) {
    const std::string request = AdapterRequest(c.id, c.request, 1);
    EXPECT_EQ(vm.Set(FlicGroup::kAdapterModify, 0, request), c.ret) << c.id << " " << c.request;
  }
  EXPECT_TRUE(vm.state.adapters[1]->masked);
  EXPECT_EQ(vm.Set(FlicGroup::kAdapterModify, 0, AdapterRequest(1, 1, 0).substr(1)), -EFAULT);
  EXPECT_EQ(vm.Set(FlicGroup::kAdapterModify, 0, AdapterRequest(1, 1, 0)), 0);
  EXPECT_FALSE(vm.state.adapters[1]->masked);
}

std::string AisRequest(uint8_t isc, uint16_t mode) {
  return {static_cast<char>(isc), 0, static_cast<char>(mode >> 8), static_cast<char>(mode)};
}

TEST(FlicTest, S7_AisNeedsTheFacility) {
  ValueFloat vm;
  EXPECT_EQ(vm.Set(FlicGroup::kAism, 0, ""), -EOPNOTSUPP);
  EXPECT_EQ(vm.Set(FlicGroup::kAismAll, 0, ""), -EOPNOTSUPP);
  vm.state.has_ais = true;
  EXPECT_EQ(vm.Set(FlicGroup::kAism, 0, "abc"), -EFAULT);
  EXPECT_EQ(vm.Set(FlicGroup::kAismAll, 0, "a"), -EFAULT);
  EXPECT_EQ(vm.Set(FlicGroup::kAism, 0, AisRequest(8, 0)), -EINVAL);
  EXPECT_EQ(vm.Set(FlicGroup::kAism, 0, AisRequest(7, 2)), -EINVAL);
  EXPECT_EQ(vm.Set(FlicGroup::kAismAll, 0, "\x12\x34"), 0);
  EXPECT_EQ(vm.state.ais_simm, 0x12);
  EXPECT_EQ(vm.state.ais_nimm, 0x34);
}

TEST(FlicTest, S7_SettingAModeEndsNoInterruptions) {
  ValueFloat vm;
  vm.state.has_ais = true;
  vm.state.ais_nimm = 0xff;

  EXPECT_EQ(vm.Set(FlicGroup::kAism, 0, AisRequest(0, 1)), 0);
  EXPECT_EQ(vm.Set(FlicGroup::kAism, 0, AisRequest(7, 1)), 0);
  EXPECT_EQ(vm.state.ais_simm, 0x81);
  EXPECT_EQ(vm.state.ais_nimm, 0x7e);

  EXPECT_EQ(vm.Set(FlicGroup::kAism, 0, AisRequest(0, 0)), 0);
  EXPECT_EQ(vm.state.ais_simm, 0x01);
}

TEST(FlicTest, S7_SingleModeGivesOneInterruptOfASuppressibleAdapter) {
  ValueFloat vm;
  vm.state.has_ais = true;
  vm.Set(FlicGroup::kAdapterRegister, 0, Adapter(1, 3, false, 1));
  vm.Set(FlicGroup::kAdapterRegister, 0, Adapter(2, 3, false, 0));
  vm.Set(FlicGroup::kAism, 0, AisRequest(3, 1));

  EXPECT_EQ(vm.Set(FlicGroup::kAirqInject, 1, ""), 0);
  EXPECT_EQ(vm.Set(FlicGroup::kAirqInject, 1, ""), 0) << "suppressed, which is no error";
  EXPECT_EQ(vm.Listed(), Hex({AdapterIo(3)}));
  EXPECT_EQ(vm.wakes.size(), 1u);

  EXPECT_EQ(vm.Set(FlicGroup::kAirqInject, 2, ""), 0) << "not suppressible";
  EXPECT_EQ(vm.state.io_count, 2u);
  EXPECT_EQ(vm.Set(FlicGroup::kAirqInject, 3, ""), -EINVAL);
  EXPECT_EQ(vm.Set(FlicGroup::kAirqInject, uint64_t{1} << 32 | 2, ""), 0) << "the low 32 bits";
}

TEST(FlicTest, S7_ARefusedInterruptDoesNotEndSingleMode) {
  ValueFloat vm;
  vm.state.has_ais = true;
  vm.state.io_count = kMaxFloatIrqs;
  vm.Set(FlicGroup::kAdapterRegister, 0, Adapter(1, 3, false, 1));
  vm.Set(FlicGroup::kAism, 0, AisRequest(3, 1));

  EXPECT_EQ(vm.Set(FlicGroup::kAirqInject, 1, ""), -EBUSY);

  EXPECT_EQ(vm.state.ais_nimm, 0);
}

TEST(FlicTest, PfaultIsSwitchedAndOtherGroupsAreInvalid) {
  ValueFloat vm;
  EXPECT_EQ(vm.Set(FlicGroup::kApfEnable, 0, ""), 0);
  EXPECT_TRUE(vm.state.pfault_enabled);
  EXPECT_EQ(vm.Set(FlicGroup::kApfDisableWait, 0, ""), 0);
  EXPECT_FALSE(vm.state.pfault_enabled);
  for (uint32_t group : {0u, 1u, 12u, 0xffffffffu}) {
    EXPECT_EQ(vm.Set(static_cast<FlicGroup>(group), 72, ""), -EINVAL) << group;
  }
}

TEST(FlicTest, GroupsThatThereAre) {
  for (uint32_t group : {0u, 12u, 0xffffffffu}) {
    EXPECT_EQ(HasDeviceAttr({0, group, 0}), -ENXIO) << group;
  }
  for (uint32_t group = 1; group <= 11; ++group) EXPECT_EQ(HasDeviceAttr({0, group, 0}), 0);
}

TEST(FlicTest, OneIsCreated) {
  FloatState state;
  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_VFIO, 0, &state), -ENODEV);
  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_FLIC, KVM_CREATE_DEVICE_TEST, &state), 0);
  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_FLIC, 0, &state), 0);
  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_FLIC, 0, &state), -EINVAL);
  EXPECT_EQ(CreateDevice(KVM_DEV_TYPE_FLIC, KVM_CREATE_DEVICE_TEST, &state), 0);
}

TEST(FlicTest, CapabilitiesAreEnabledBeforeVcpus) {
  const HostProfile profile = DefaultHostProfile();
  HostProfile older = profile;
  older.kernel = FindKernelRules("linux-4.1");
  FloatState state;

  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS, 0, older, 0, &state), -EINVAL) << "not yet there";
  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS, 1, profile, 0, &state), -EINVAL);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS, 0, profile, 1, &state), -EBUSY);
  EXPECT_FALSE(state.has_ais);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_AIS, 0, profile, 0, &state), 0);
  EXPECT_TRUE(state.has_ais);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_IRQCHIP, 0, older, 1, &state), 0);
  EXPECT_EQ(EnableCap(KVM_CAP_S390_VECTOR_REGISTERS, 0, profile, 0, &state), -EINVAL);
}

}  // namespace
}  // namespace irqd
