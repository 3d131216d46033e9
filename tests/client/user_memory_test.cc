// Built twice: as it is, and with process_vm_readv and process_vm_writev forbidden.
#include "client/user_memory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <numeric>
#include <string>
#include <vector>

namespace irqd {
namespace {

using ::testing::Each;

uint64_t Address(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

#ifdef IRQD_FORBID_PROCESS_VM
void ForbidProcessVm() {
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_readv, 1, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_process_vm_writev, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {sizeof(program) / sizeof(program[0]), program};
  ASSERT_EQ(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
  ASSERT_EQ(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter), 0);
  char byte;
  iovec one = {&byte, 1};
  ASSERT_EQ(process_vm_readv(getpid(), &one, 1, &one, 1, 0), -1);
  ASSERT_EQ(errno, EPERM);
}
#else
void ForbidProcessVm() {}
#endif

// Two pages: the second cannot be read, or not be written.
class UserMemoryTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { ForbidProcessVm(); }

  void SetUp() override {
    page_ = sysconf(_SC_PAGESIZE);
    void* memory =
        mmap(nullptr, 2 * page_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ASSERT_NE(memory, MAP_FAILED);
    memory_ = static_cast<char*>(memory);
  }
  void TearDown() override { munmap(memory_, 2 * page_); }

  void Protect(int rights) { ASSERT_EQ(mprotect(memory_ + page_, page_, rights), 0); }

  size_t page_ = 0;
  char* memory_ = nullptr;
};

TEST_F(UserMemoryTest, CopiesAnySize) {
  for (const size_t size : {1, 72, 4095, 4096, 4097, 20664}) {
    std::string from(size, '\0');
    std::iota(from.begin(), from.end(), '\1');
    std::string to(size, '\0');
    std::string back(size, '\0');

    EXPECT_EQ(CopyToUser(Address(&to[0]), from.data(), size), 0);
    EXPECT_EQ(CopyFromUser(&back[0], Address(to.data()), size), 0);

    EXPECT_EQ(to, from);
    EXPECT_EQ(back, from);
  }
}

TEST_F(UserMemoryTest, BadAddressesFault) {
  Protect(PROT_NONE);
  char buffer[72] = {};
  for (const uint64_t address :
       {uint64_t{0}, uint64_t{8}, ~uint64_t{0}, ~uint64_t{0} - 71, uint64_t{1} << 63,
        Address(memory_ + page_), Address(memory_ + page_ - 1)}) {
    EXPECT_EQ(CopyFromUser(buffer, address, sizeof(buffer)), -EFAULT) << address;
    EXPECT_EQ(CopyToUser(address, buffer, sizeof(buffer)), -EFAULT) << address;
  }
}

TEST_F(UserMemoryTest, ReadOnlyMemoryCanBeRead) {
  memory_[page_] = 'x';
  Protect(PROT_READ);
  char byte = 0;

  EXPECT_EQ(CopyFromUser(&byte, Address(memory_ + page_), 1), 0);
  EXPECT_EQ(CopyToUser(Address(memory_ + page_), "y", 1), -EFAULT);

  EXPECT_EQ(byte, 'x');
  EXPECT_EQ(memory_[page_], 'x');
}

TEST_F(UserMemoryTest, WritesUpToTheBadAddress) {
  Protect(PROT_NONE);
  const std::string from(page_, 'x');

  EXPECT_EQ(CopyToUser(Address(memory_ + page_ - 100), from.data(), from.size()), -EFAULT);

  EXPECT_THAT(std::string(memory_ + page_ - 100, 100), Each('x'));
}

TEST_F(UserMemoryTest, ReadsAsMuchAsThereIs) {
  std::iota(memory_, memory_ + page_, '\1');
  Protect(PROT_NONE);
  for (const size_t room : {size_t{0}, size_t{1}, size_t{100}, page_}) {
    std::string to(page_ + 1, '.');

    const char* const from = memory_ + page_ - room;
    EXPECT_EQ(CopyReadableFromUser(&to[0], Address(from), to.size()), static_cast<int64_t>(room));

    EXPECT_EQ(to.substr(0, room), std::string(from, room));
    EXPECT_THAT(to.substr(room), Each('.'));
  }
  char byte;
  EXPECT_EQ(CopyReadableFromUser(&byte, 0, 0), 0);
  EXPECT_EQ(CopyReadableFromUser(&byte, ~uint64_t{0}, 1), 0);
}

TEST_F(UserMemoryTest, ReadsAllOfManyPages) {
  memory_[0] = 'a';
  memory_[2 * page_ - 1] = 'z';
  std::string to(2 * page_, '.');

  EXPECT_EQ(CopyReadableFromUser(&to[0], Address(memory_), to.size()),
            static_cast<int64_t>(to.size()));

  EXPECT_EQ(to.front(), 'a');
  EXPECT_EQ(to.back(), 'z');
}

}  // namespace
}  // namespace irqd
