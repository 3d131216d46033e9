// What irqd_open's host_profile says, and the ioctl that one of its words adds.
#include "client/open_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/client/guarded_memory.h"
#include "tests/client/ioctl.h"

namespace irqd {
namespace {

using ::testing::HasSubstr;

TEST(ParseOpenProfile, TakesDocumentedSetAnywhereOnce) {
  const struct {
    const char* text;
    const char* host;
    bool documented_set;
  } cases[] = {
      {"", "linux-6.1,sigpif,esca", false},
      {"linux-4.1,no-sigpif", "linux-4.1,no-sigpif", false},
      {"documented-set", "linux-6.1,sigpif,esca", true},
      {"documented-set,gisa", "linux-6.1,sigpif,esca,gisa", true},
      {"linux-6.1,documented-set,no-esca", "linux-6.1,sigpif,no-esca", true},
      {"no-esca,documented-set", "linux-6.1,sigpif,no-esca", true},
  };
  for (const auto& test : cases) {
    const auto profile = ParseOpenProfile(test.text);
    ASSERT_TRUE(profile.ok()) << profile.status();
    EXPECT_TRUE(profile->host == *ParseHostProfile(test.host)) << test.text;
    EXPECT_EQ(profile->ioctls.documented_set, test.documented_set) << test.text;
  }
}

TEST(ParseOpenProfile, NamesTheWordThatIsWrong) {
  const struct {
    const char* text;
    const char* message;
  } cases[] = {
      {"linux-0.1", "unknown word 'linux-0.1'"},
      {"linux-0.1", "documented-set"},
      {"documented-set,documented-set", "'documented-set' is given a second time"},
      {"documented-set,", "unknown word ''"},
      {",documented-set", "unknown word ''"},
      {"documented-set,,esca", "unknown word ''"},
      {"no-documented-set", "unknown word 'no-documented-set'"},
      {"documented-set,esca,no-esca", "a second time"},
      {" documented-set", "unknown word ' documented-set'"},
  };
  for (const auto& test : cases) {
    EXPECT_THAT(std::string(ParseOpenProfile(test.text).status().message()),
                HasSubstr(test.message))
        << test.text;
  }
}

TEST(ParseOpenProfile, ServersDoNotKnowDocumentedSet) {
  EXPECT_FALSE(ParseHostProfile("documented-set").ok());
}

// As the documentation once printed it.
struct DocumentedIrqState {
  uint64_t buf;
  uint32_t len;
  uint32_t pad;
};
constexpr unsigned long kDocumentedSet = 0x4010aeb5;

class DocumentedSetTest : public testing::Test {
 protected:
  void Open(const char* profile) {
    kvm_ = irqd_open("inproc:", profile);
    ASSERT_GE(kvm_, 0);
    vm_ = Ioctl(kvm_, KVM_CREATE_VM);
    vcpu_ = Ioctl(vm_, KVM_CREATE_VCPU, 0);
    ASSERT_GE(vcpu_, 0);
  }
  void TearDown() override {
    for (const int fd : {vcpu_, vm_, kvm_}) EXPECT_EQ(irqd_close(fd), 0);
  }

  int SetAsDocumented(const void* buf, uint32_t len) {
    DocumentedIrqState state = {reinterpret_cast<uintptr_t>(buf), len, 0xffffffff};
    return Ioctl(vcpu_, kDocumentedSet, &state);
  }

  int kvm_ = -1;
  int vm_ = -1;
  int vcpu_ = -1;
  const GuardedMemory memory_{4096};
};

TEST_F(DocumentedSetTest, IsNotKnownByDefault) {
  Open("linux-6.1");
  const kvm_s390_irq irq = MakeIrq(KVM_S390_RESTART);

  EXPECT_EQ(SetAsDocumented(&irq, sizeof(irq)), -ENOTTY);
  EXPECT_EQ(Ioctl(vcpu_, kDocumentedSet, uint64_t{0}), -ENOTTY) << "before the argument";
}

TEST_F(DocumentedSetTest, SetsAndChecksAsSet) {
  Open("documented-set,linux-6.1");
  const kvm_s390_irq irq = MakeIrq(KVM_S390_RESTART);
  const DocumentedIrqState state = {reinterpret_cast<uintptr_t>(&irq), sizeof(irq), 0};

  EXPECT_EQ(Ioctl(vcpu_, kDocumentedSet, uint64_t{0}), -EFAULT);
  EXPECT_EQ(Ioctl(vcpu_, kDocumentedSet, memory_.Put(BytesOf(state), 15)), -EFAULT);
  EXPECT_EQ(SetAsDocumented(nullptr, 71), -EINVAL);
  EXPECT_EQ(SetAsDocumented(nullptr, 20664 + 72), -EINVAL);
  EXPECT_EQ(SetAsDocumented(memory_.Before(71), 72), -EFAULT);
  EXPECT_EQ(Ioctl(vcpu_, kDocumentedSet, memory_.Put(BytesOf(state), 16)), 0)
      << "16 bytes are all that is read";
  EXPECT_EQ(SetAsDocumented(memory_.Before(71), 72), -EFAULT);
  EXPECT_EQ(SetAsDocumented(&irq, sizeof(irq)), -EBUSY);

  kvm_s390_irq got;
  EXPECT_EQ(Get(vcpu_, &got, sizeof(got)), 72);
  EXPECT_EQ(got.type, KVM_S390_RESTART);
}

TEST_F(DocumentedSetTest, TheRealOneWorksBeside) {
  Open("documented-set");
  const kvm_s390_irq irq = MakeIrq(KVM_S390_RESTART);

  EXPECT_EQ(Set(vcpu_, &irq, sizeof(irq)), 0);
  EXPECT_EQ(Ioctl(vcpu_, 0x4010aeb6), -ENOTTY) << "there never was such a GET";
}

TEST_F(DocumentedSetTest, HoldsForVcpusOpenedBeside) {
  Open("documented-set");
  const int vm = irqd_vm_open(kvm_, "vm-1");
  const int vcpu = irqd_vcpu_open(vm, 0);
  const kvm_s390_irq irq = MakeIrq(KVM_S390_RESTART);
  DocumentedIrqState state = {reinterpret_cast<uintptr_t>(&irq), sizeof(irq), 0};

  EXPECT_EQ(Ioctl(vcpu, kDocumentedSet, &state), 0);

  irqd_close(vcpu);
  irqd_close(vm);
}

}  // namespace
}  // namespace irqd
