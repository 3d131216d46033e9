/* A program written for /dev/kvm that knows nothing of irqd: what it asks and what it hears. */
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum who { KVM, VM, FIRST, SECOND, HOW_MANY };

static int fds[HOW_MANY] = {-1, -1, -1, -1};
static struct kvm_s390_irq irq, pending[8];
static struct kvm_s390_irq_state state;
static struct kvm_mp_state mp;
static struct kvm_userspace_memory_region region;
static struct kvm_create_device device;

static unsigned long irq_of(unsigned long long type, unsigned short code) {
  memset(&irq, 0, sizeof(irq));
  irq.type = type;
  irq.u.emerg.code = code;
  return (unsigned long)&irq;
}

static unsigned long state_of(unsigned int records) {
  memset(&state, 0, sizeof(state));
  state.buf = (unsigned long)pending;
  state.len = records * sizeof(pending[0]);
  return (unsigned long)&state;
}

static unsigned long mp_of(unsigned int mp_state) {
  mp.mp_state = mp_state;
  return (unsigned long)&mp;
}

static unsigned long device_of(unsigned int type, unsigned int flags) {
  device.type = type;
  device.flags = flags;
  return (unsigned long)&device;
}

static int failures;

/* `expected`: 0 or more, or -errno. */
static int check(int line, const char* what, long result, long expected) {
  if (result < 0) result = -errno;
  if (result == expected) return 1;
  fprintf(stderr, "line %d: %s: %ld instead of %ld\n", line, what, result, expected);
  ++failures;
  return 0;
}
#define EXPECT(call, expected) check(__LINE__, #call, (call), (expected))
#define ASK(who, request, argument, expected) \
  check(__LINE__, #who " " #request, ioctl(fds[who], request, argument), expected)

static void set_up(void) {
  fds[KVM] = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  ASK(KVM, KVM_GET_API_VERSION, 0, 12);
  ASK(KVM, KVM_GET_API_VERSION, 1, -EINVAL);
  ASK(KVM, KVM_CHECK_EXTENSION, KVM_CAP_S390_IRQ_STATE, 1);
  ASK(KVM, KVM_CHECK_EXTENSION, KVM_CAP_USER_MEMORY, 1);
  ASK(KVM, KVM_CHECK_EXTENSION, KVM_CAP_IMMEDIATE_EXIT, 1);
  ASK(KVM, KVM_CHECK_EXTENSION, 9999, 0);
  ASK(KVM, KVM_GET_VCPU_MMAP_SIZE, 0, sysconf(_SC_PAGESIZE));
  ASK(KVM, KVM_GET_VCPU_MMAP_SIZE, 1, -EINVAL);
  ASK(KVM, KVM_RUN, 0, -EINVAL);
  ASK(KVM, 0xae77, 0, -EINVAL);
  fds[VM] = ioctl(fds[KVM], KVM_CREATE_VM, 0);
  ASK(VM, KVM_SET_USER_MEMORY_REGION, &region, 0);
  ASK(VM, KVM_SET_USER_MEMORY_REGION, 8, -EFAULT);
  ASK(KVM, KVM_SET_USER_MEMORY_REGION, &region, -EINVAL);
  ASK(VM, KVM_GET_VCPU_MMAP_SIZE, 0, -ENOTTY);
  ASK(VM, KVM_RUN, 0, -ENOTTY);
  fds[FIRST] = ioctl(fds[VM], KVM_CREATE_VCPU, 0);
  fds[SECOND] = ioctl(fds[VM], KVM_CREATE_VCPU, 1);
  ASK(VM, KVM_CREATE_VCPU, 1, -EEXIST);
  ASK(FIRST, KVM_SET_USER_MEMORY_REGION, &region, -ENOTTY);
  ASK(FIRST, 0xae77, 0, -ENOTTY);
  ASK(FIRST, 0x1234, 0, -EINVAL);
  ASK(VM, KVM_CREATE_DEVICE, device_of(KVM_DEV_TYPE_FLIC, KVM_CREATE_DEVICE_TEST), 0);
  ASK(VM, KVM_CREATE_DEVICE, device_of(KVM_DEV_TYPE_FLIC, 0), 0);
  ASK(VM, KVM_CREATE_DEVICE, device_of(KVM_DEV_TYPE_FLIC, 0), -EINVAL);
  EXPECT(close((int)device.fd), 0);
  EXPECT(ioctl((int)device.fd, KVM_HAS_DEVICE_ATTR, &device), -EBADF);
}

static void move_interrupts(void) {
  ASK(FIRST, KVM_S390_IRQ, irq_of(KVM_S390_RESTART, 0), 0);
  ASK(FIRST, KVM_S390_IRQ, irq_of(KVM_S390_INT_EMERGENCY, 1), 0);
  ASK(FIRST, KVM_S390_IRQ, 0, -EFAULT);
  ASK(FIRST, KVM_S390_GET_IRQ_STATE, state_of(0), -EINVAL);
  ASK(FIRST, KVM_S390_GET_IRQ_STATE, state_of(1), -ENOBUFS);
  ASK(FIRST, KVM_S390_GET_IRQ_STATE, state_of(8), 144);
  ASK(SECOND, KVM_S390_SET_IRQ_STATE, state_of(2), 0);
  ASK(SECOND, KVM_S390_SET_IRQ_STATE, state_of(2), -EBUSY);
  memset(pending, 0, sizeof(pending));
  ASK(SECOND, KVM_S390_GET_IRQ_STATE, state_of(8), 144);
  EXPECT(pending[0].type == KVM_S390_RESTART || pending[1].type == KVM_S390_RESTART, 1);
  ASK(FIRST, KVM_S390_INITIAL_RESET, 0, 0);
  ASK(FIRST, KVM_S390_GET_IRQ_STATE, state_of(8), 0);
}

static void* map(int fd, size_t length, off_t offset) {
  void* result = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
  return result == MAP_FAILED ? NULL : result;
}

static void run(void) {
  const long page = sysconf(_SC_PAGESIZE);
  struct kvm_run* const second = map(fds[SECOND], page, 0);
  struct kvm_run* const again = map(fds[SECOND], sizeof(struct kvm_run), 0);
  struct kvm_run* const first = map(fds[FIRST], page, 0);
  if (!second || !again || !first) {
    EXPECT(-1, 0);
    return;
  }
  EXPECT(first->exit_reason, 0);
  EXPECT(map(fds[FIRST], page, page) == NULL ? -1 : 0, -EINVAL);
  EXPECT(map(fds[FIRST], 2 * page, 0) == NULL ? -1 : 0, -EINVAL);
  EXPECT(map(fds[VM], page, 0) == NULL ? -1 : 0, -ENODEV);
  second->immediate_exit = 1;
  ASK(SECOND, KVM_RUN, 0, -EINTR);
  EXPECT(second->exit_reason, 0);
  ASK(SECOND, KVM_S390_GET_IRQ_STATE, state_of(8), 144);

  second->immediate_exit = 0;
  ASK(SECOND, KVM_RUN, 1, -EINVAL);
  ASK(SECOND, KVM_RUN, 0, -EINTR);
  EXPECT(again->exit_reason, KVM_EXIT_INTR);
  EXPECT(first->exit_reason, 0);
  /* The restart was taken; nothing enables the guest for an emergency signal. */
  ASK(SECOND, KVM_S390_GET_IRQ_STATE, state_of(8), 72);
  EXPECT(pending[0].type, KVM_S390_INT_EMERGENCY);

  ASK(SECOND, KVM_SET_MP_STATE, mp_of(99), -ENXIO);
  ASK(SECOND, KVM_RUN, 0, -EINVAL);
  ASK(SECOND, KVM_SET_MP_STATE, mp_of(KVM_MP_STATE_OPERATING), 0);
  ASK(SECOND, KVM_S390_IRQ, irq_of(KVM_S390_SIGP_STOP, 0), 0);
  ASK(SECOND, KVM_RUN, 0, 0);
  EXPECT(second->exit_reason, KVM_EXIT_S390_SIEIC);
  EXPECT(second->s390_sieic.icptcode, 0x28);
  ASK(FIRST, KVM_RUN, 0, -EINVAL);
  munmap(second, page);
  munmap(again, page);
  munmap(first, page);
}

static void clean_up(void) {
  for (int i = HOW_MANY - 1; i >= 0; --i) {
    EXPECT(close(fds[i]), 0);
    ASK(i, KVM_GET_API_VERSION, 0, -EBADF);
    EXPECT(close(fds[i]), -EBADF);
  }
}

int main(void) {
  set_up();
  move_interrupts();
  run();
  clean_up();
  if (failures == 0) puts("all is as with KVM");
  return failures != 0;
}
