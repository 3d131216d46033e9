// As many I/O interrupts as a VM can have, through the calls of Vm and Vcpu.
#include <cerrno>
#include <string>
#include <vector>

#include "core/limits.h"
#include "core/vm.h"
#include "gmock/gmock.h"
#include "tests/core/float_samples.h"
#include "tests/core/vm_guests.h"

namespace irqd {
namespace {

// Number `n` of all, spread over the ISCs.
kvm_s390_io_info Numbered(uint32_t n) {
  return {static_cast<uint16_t>(n >> 16), static_cast<uint16_t>(n), 0,
          WordOf(static_cast<int>(n % kIscCount))};
}

class VmFloatingFullTest : public testing::Test {
 protected:
  VmFloatingFullTest() {
    EXPECT_EQ(vm_.CreateVcpu(0), 0);
    EXPECT_EQ(vm_.CreateVcpu(1), 0);
    OpenNewPsws(&vm_);
    Fill();
  }
  int Inject(const kvm_s390_io_info& io) {
    const uint32_t parm = uint32_t{io.subchannel_id} << 16 | io.subchannel_nr;
    return vm_.S390Interrupt({0x10000, parm, io.io_int_word}).ret;
  }
  void Fill() {
    for (uint32_t n = 0; n < kMaxFloatIrqs; ++n) ASSERT_EQ(Inject(Numbered(n)), 0);
  }
  int ClearIo(uint32_t schid) {
    const std::string image = {static_cast<char>(schid >> 24), static_cast<char>(schid >> 16),
                               static_cast<char>(schid >> 8), static_cast<char>(schid)};
    return vm_.SetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kClearIoIrq), 4}, BytesOf(image))
        .ret;
  }

  Vm vm_{1, "vm-1", DefaultHostProfile()};
};

TEST_F(VmFloatingFullTest, OneMoreFitsAfterOneIsCleared) {
  EXPECT_EQ(Inject(Numbered(0)), -EBUSY);
  EXPECT_EQ(ClearIo(kMaxFloatIrqs / 2), 0);
  EXPECT_EQ(Inject(Numbered(0)), 0);
  EXPECT_EQ(Inject(Numbered(0)), -EBUSY);
}

TEST_F(VmFloatingFullTest, AllAreReadAtOnce) {
  std::string images;

  EXPECT_EQ(vm_.GetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kGetAllIrqs), kFlicMaxBuffer},
                              &images),
            kMaxFloatIrqs);

  EXPECT_EQ(images.size(), kMaxFloatIrqs * kIrqSize);
}

// Two vCPUs take them in parts, some are cleared in between, and each comes in its turn.
TEST_F(VmFloatingFullTest, AllAreDeliveredInOrder) {
  const uint32_t kCleared[] = {5, kMaxFloatIrqs / 2, kMaxFloatIrqs - 1};
  for (uint32_t n : kCleared) ASSERT_EQ(ClearIo(n), 0);
  uint32_t next[kIscCount] = {0, 1, 2, 3, 4, 5, 6, 7};
  uint32_t count = 0;

  for (uint32_t turn = 0, more = 1; more != 0; ++turn) {
    Vcpu& vcpu = *vm_.FindVcpu(turn % 2);
    Open(&vcpu, kPswOpen);
    const DeliverResult result = vcpu.Deliver(kMaxDeliveredIrqs);
    for (const DeliveredIrq& delivered : result.delivered) {
      uint32_t& n = next[IscOf(delivered.irq.u.io.io_int_word)];
      while (n == kCleared[0] || n == kCleared[1] || n == kCleared[2]) n += kIscCount;
      ASSERT_EQ(delivered.data0, n);
      n += kIscCount;
      ++count;
    }
    more = result.more;
  }

  EXPECT_EQ(count, kMaxFloatIrqs - 3);
  EXPECT_EQ(vm_.floating_pending(), 0u);
  EXPECT_EQ(Inject(Numbered(0)), 0);
}

}  // namespace
}  // namespace irqd
