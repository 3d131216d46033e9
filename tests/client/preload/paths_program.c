/*
 * How /dev/kvm can be spelled, and what is called kvm but is something else. argv[1]: an empty
 * directory called `planted`.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static int failures;

static void expect(const char* what, int result, int expected) {
  if (result < 0) result = -errno;
  if (result == expected) return;
  fprintf(stderr, "%s: %d instead of %d\n", what, result, expected);
  ++failures;
}

/* Compiled with _FORTIFY_SOURCE, flags that are not constant go through __open_2 and its like. */
static volatile int flags = O_RDWR | O_CLOEXEC;
static const char* volatile nothing = NULL;

static void expect_kvm(const char* how, int fd) {
  if (fd < 0) {
    expect(how, fd, 0);
    return;
  }
  expect(how, ioctl(fd, KVM_GET_API_VERSION, 0), 12);
  expect(how, fcntl(fd, F_GETFD), FD_CLOEXEC);
  expect(how, close(fd), 0);
}

static void spellings(void) {
  static const char* const paths[] = {
      "/dev/kvm", "//dev//kvm", "/dev/./kvm", "/dev/../dev/kvm", "/proc/self/root/dev/kvm",
  };
  for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); ++i) {
    expect_kvm(paths[i], open(paths[i], O_RDWR | O_CLOEXEC));
    expect_kvm(paths[i], open64(paths[i], O_RDWR | O_CLOEXEC));
    expect_kvm(paths[i], openat(-1, paths[i], O_RDWR | O_CLOEXEC));
    expect_kvm(paths[i], open(paths[i], flags));
    expect_kvm(paths[i], open64(paths[i], flags));
    expect_kvm(paths[i], openat(AT_FDCWD, paths[i], flags));
    expect_kvm(paths[i], openat64(AT_FDCWD, paths[i], flags));
  }
  const int dev = open("/dev", O_RDONLY | O_DIRECTORY);
  expect_kvm("kvm in /dev", openat(dev, "kvm", O_RDWR | O_CLOEXEC));
  expect_kvm("./kvm in /dev", openat64(dev, "./kvm", O_RDWR | O_CLOEXEC));
  close(dev);
  expect("/dev/kvm/", open("/dev/kvm/", O_RDWR) < 0, 1);
  expect("a directory", open("/dev/kvm", O_RDONLY | O_DIRECTORY), -ENOTDIR);
  expect("a new file", open("/dev/kvm", O_RDWR | O_CREAT | O_EXCL, 0600), -EEXIST);
  expect("null", open(nothing, O_RDONLY), -EFAULT);
  const int inherited = open("/dev/kvm", O_RDWR);
  expect("not close-on-exec", fcntl(inherited, F_GETFD), 0);
  close(inherited);
}

/* Named kvm, and nobody's but the program's. */
static void planted(const char* directory) {
  char path[4096], byte = 0;
  snprintf(path, sizeof(path), "%s/kvm", directory);
  const int file = open(path, O_RDWR | O_CREAT, 0640);
  struct stat found;
  expect("planted", fstat(file, &found) == 0 && S_ISREG(found.st_mode), 1);
  expect("its mode", found.st_mode & 0777, 0640);
  expect("it is written", write(file, "x", 1), 1);
  expect("it is read", pread(file, &byte, 1, 0) == 1 && byte == 'x', 1);
  expect("it is no KVM", ioctl(file, KVM_GET_API_VERSION, 0), -ENOTTY);
  /* 0xae21 is <linux/nitro_enclaves.h>'s; it may pass. */
  expect("other ioctls pass", ioctl(file, 0xae21, 0), -ENOTTY);
  expect("it is closed", close(file), 0);
  expect("a closed one", ioctl(file, KVM_GET_API_VERSION, 0), -EBADF);
}

/*
 * A link is not followed by the library, but no KVM hears of it: what was opened becomes irqd's
 * with the first ioctl. /dev/full stands in for a real device, see libc_spy.c.
 */
static void linked(const char* directory) {
  char path[4096];
  snprintf(path, sizeof(path), "%s/link", directory);
  expect("link", symlink("/dev/full", path), 0);
  for (int i = 0; i < 2; ++i) {
    const int real = open(path, O_RDWR | (i == 0 ? O_CLOEXEC : 0));
    const int copy = dup(real);
    expect("a real KVM", ioctl(real, KVM_GET_API_VERSION, 0), 12);
    expect("its copy", ioctl(copy, KVM_GET_API_VERSION, 0), 12);
    expect("close-on-exec", fcntl(real, F_GETFD), i == 0 ? FD_CLOEXEC : 0);
    const int vm = ioctl(real, KVM_CREATE_VM, 0);
    expect("a VM", ioctl(vm, KVM_CHECK_EXTENSION, KVM_CAP_S390_INJECT_IRQ), 1);
    expect("the VM is closed", close(vm), 0);
    expect("it is closed", close(real), 0);
    expect("its copy is closed", close(copy), 0);
  }
}

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  if (access(argv[1], W_OK) != 0) return 2;
  linked(argv[1]); /* also before irqd was ever needed */
  spellings();
  planted(argv[1]);
  if (chdir("/dev") != 0) return 2;
  expect_kvm("kvm", open("kvm", O_RDWR | O_CLOEXEC));
  if (failures == 0) puts("no other KVM was touched");
  return failures != 0;
}
