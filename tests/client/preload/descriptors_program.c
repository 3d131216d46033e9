/* Descriptors of /dev/kvm as files of the process: copied, closed, inherited, sent, and shared by
 * threads. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures;

/* `expected`: 0 or more, or -errno. */
static void check(int line, const char* what, long result, long expected) {
  if (result < 0) result = -errno;
  if (result == expected) return;
  fprintf(stderr, "line %d: %s: %ld instead of %ld\n", line, what, result, expected);
  __atomic_add_fetch(&failures, 1, __ATOMIC_RELAXED);
}
#define EXPECT(call, expected) check(__LINE__, #call, (call), (expected))

struct machine {
  int kvm, vm, vcpu;
};

static struct machine make_machine(void) {
  struct machine made;
  made.kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  made.vm = ioctl(made.kvm, KVM_CREATE_VM, 0);
  made.vcpu = ioctl(made.vm, KVM_CREATE_VCPU, 0);
  EXPECT(made.vcpu >= 0, 1);
  return made;
}

static void close_machine(const struct machine* machine) {
  EXPECT(close(machine->vcpu), 0);
  EXPECT(close(machine->vm), 0);
  EXPECT(close(machine->kvm), 0);
}

static int inject(int vcpu) {
  struct kvm_s390_irq irq;
  memset(&irq, 0, sizeof(irq));
  irq.type = KVM_S390_RESTART;
  return ioctl(vcpu, KVM_S390_IRQ, &irq);
}

static struct kvm_run* map_run(int vcpu) {
  void* run = mmap(NULL, sizeof(struct kvm_run), PROT_READ | PROT_WRITE, MAP_SHARED, vcpu, 0);
  return run == MAP_FAILED ? NULL : run;
}

static void copies(void) {
  const struct machine machine = make_machine();
  const int null = open("/dev/null", O_RDONLY);
  const int copies[] = {
      dup(machine.vcpu),
      fcntl(machine.vcpu, F_DUPFD, 200),
      fcntl(machine.vcpu, F_DUPFD_CLOEXEC, 300),
      dup2(machine.vcpu, 400),
      dup3(machine.vcpu, 500, O_CLOEXEC),
      dup2(machine.vcpu, dup(null)),
  };
  EXPECT(dup2(machine.vcpu, machine.vcpu), machine.vcpu);
  EXPECT(close(machine.vcpu), 0);
  for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); ++i) {
    EXPECT(ioctl(copies[i], 0x1234, 0), -EINVAL);
  }
  struct kvm_run* const first = map_run(copies[0]);
  for (size_t i = 0; i < sizeof(copies) / sizeof(copies[0]); ++i) {
    struct kvm_run* const run = map_run(copies[i]);
    EXPECT(inject(copies[i]), 0);
    first->exit_reason = 77;
    EXPECT(ioctl(copies[i], KVM_RUN, 0), -EINTR);
    EXPECT(run->exit_reason, KVM_EXIT_INTR);
    EXPECT(close(copies[i]), 0);
    EXPECT(inject(copies[i]), -EBADF);
    munmap(run, sizeof(*run));
  }
  munmap(first, sizeof(*first));
  EXPECT(close(null), 0);
  EXPECT(close(machine.vm), 0);
  EXPECT(close(machine.kvm), 0);
}

/* Without the library knowing: by system calls of the program's own. */
static void unseen(void) {
  const struct machine machine = make_machine();
  const int copy = syscall(SYS_dup, machine.vcpu);
  struct kvm_run* const run = map_run(machine.vcpu);
  struct kvm_run* const same = map_run(copy);
  EXPECT(inject(copy), 0);
  run->immediate_exit = 1;
  EXPECT(ioctl(copy, KVM_RUN, 0), -EINTR);
  EXPECT(same->immediate_exit, 1);
  EXPECT(syscall(SYS_close, machine.vcpu), 0);
  int ends[2], waiting = -1;
  EXPECT(syscall(SYS_pipe2, ends, 0), 0);
  const int reused = ends[0];
  EXPECT(reused, machine.vcpu);
  EXPECT(write(ends[1], "abc", 3), 3);
  EXPECT(ioctl(reused, FIONREAD, &waiting), 0);
  EXPECT(waiting, 3);
  EXPECT(map_run(reused) == NULL ? -1 : 0, -EACCES); /* it cannot be written */
  EXPECT(inject(reused), -ENOTTY);
  EXPECT(close(reused), 0);
  EXPECT(close(ends[1]), 0);
  EXPECT(inject(copy), 0);
  EXPECT(close(copy), 0);
  munmap(run, sizeof(*run));
  munmap(same, sizeof(*same));
  EXPECT(close(machine.vm), 0);
  EXPECT(close(machine.kvm), 0);
}

static void number_used_again(void) {
  const struct machine machine = make_machine();
  int ends[2];
  EXPECT(pipe(ends), 0);
  EXPECT(dup2(ends[0], machine.vcpu), machine.vcpu);
  EXPECT(inject(machine.vcpu), -ENOTTY);
  int waiting = -1;
  EXPECT(write(ends[1], "abc", 3), 3);
  EXPECT(ioctl(machine.vcpu, FIONREAD, &waiting), 0);
  EXPECT(waiting, 3);
  EXPECT(close(ends[0]), 0);
  EXPECT(close(ends[1]), 0);
  close_machine(&machine);
}

static int wait_for(pid_t child) {
  int status = -1;
  EXPECT(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void forks(void) {
  const struct machine machine = make_machine();
  struct kvm_run* const run = map_run(machine.vcpu);
  const pid_t child = fork();
  if (child == 0) {
    failures = 0;
    EXPECT(ioctl(machine.kvm, KVM_GET_API_VERSION, 0), -EIO);
    EXPECT(ioctl(machine.kvm, KVM_GET_VCPU_MMAP_SIZE, 0), -EIO);
    EXPECT(ioctl(machine.vm, KVM_CREATE_VCPU, 1), -EIO);
    EXPECT(ioctl(machine.vm, KVM_SET_USER_MEMORY_REGION, 0), -EIO);
    EXPECT(inject(machine.vcpu), -EIO);
    EXPECT(ioctl(machine.vcpu, KVM_RUN, 1), -EIO);
    EXPECT(ioctl(machine.vcpu, 0x1234, 0), -EIO);
    EXPECT(close(dup(machine.vcpu)), 0);
    EXPECT(map_run(machine.vcpu) != NULL, 1);
    run->exit_reason = 55;
    close_machine(&machine);
    EXPECT(inject(machine.vcpu), -EBADF);
    /* One of its own. */
    setenv("IRQD_TARGET", "inproc:", 1);
    const struct machine own = make_machine();
    EXPECT(inject(own.vcpu), 0);
    EXPECT(ioctl(own.vcpu, 0x1234, 0), -EINVAL);
    close_machine(&own);
    _exit(failures);
  }
  EXPECT(wait_for(child), 0);
  EXPECT(run->exit_reason, 55);
  EXPECT(inject(machine.vcpu), 0);

  /* A child of vfork() closes what it has, not what we have. */
  const pid_t borrower = vfork();
  if (borrower == 0) {
    close(machine.vcpu);
    dup2(machine.kvm, machine.vm);
    _exit(0);
  }
  EXPECT(wait_for(borrower), 0);
  EXPECT(ioctl(machine.vcpu, 0x1234, 0), -EINVAL);
  EXPECT(ioctl(machine.vm, KVM_CREATE_VCPU, 0), -EEXIST);
  munmap(run, sizeof(*run));
  close_machine(&machine);
}

static void send_fd(int socket, int fd) {
  char byte = 0;
  char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = {0};
  struct iovec iov = {&byte, 1};
  struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  struct cmsghdr* const rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(rights), &fd, sizeof(fd));
  EXPECT(sendmsg(socket, &message, 0), 1);
}

static int receive_fd(int socket) {
  char byte = 0;
  char control[CMSG_SPACE(sizeof(int))] __attribute__((aligned(8))) = {0};
  struct iovec iov = {&byte, 1};
  struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  EXPECT(recvmsg(socket, &message, 0), 1);
  int fd = -1;
  memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(fd));
  return fd;
}

/* argv[0] runs again as another program, with the other end of a socket as descriptor 3. */
static int receive_elsewhere(void) {
  const int vcpu = receive_fd(3);
  EXPECT(inject(vcpu), -ENOTTY);
  EXPECT(close(vcpu), 0);
  return failures;
}

static void sent(const char* self) {
  const struct machine machine = make_machine();
  int ends[2];
  EXPECT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
  send_fd(ends[0], machine.vcpu);
  const int here = receive_fd(ends[1]);
  EXPECT(close(machine.vcpu), 0);
  EXPECT(inject(here), 0);
  EXPECT(ioctl(here, KVM_RUN, 0), -EINTR);

  const pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 3);
    execl(self, self, "receive", NULL);
    _exit(127);
  }
  send_fd(ends[0], here);
  EXPECT(wait_for(child), 0);
  EXPECT(close(ends[0]), 0);
  EXPECT(close(ends[1]), 0);
  EXPECT(close(here), 0);
  EXPECT(close(machine.vm), 0);
  EXPECT(close(machine.kvm), 0);
}

static void* use_machines(void* unused) {
  for (int i = 0; i < 20; ++i) {
    const struct machine machine = make_machine();
    struct kvm_run* const run = map_run(machine.vcpu);
    const int copy = dup(machine.vcpu);
    EXPECT(inject(machine.vcpu), 0);
    EXPECT(ioctl(copy, KVM_RUN, 0), -EINTR);
    EXPECT(run->exit_reason, KVM_EXIT_INTR);
    EXPECT(close(copy), 0);
    munmap(run, sizeof(*run));
    close_machine(&machine);
    const int null = open("/dev/null", O_RDONLY);
    EXPECT(close(null), 0);
  }
  return unused;
}

static void threads(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) EXPECT(pthread_create(&threads[i], NULL, &use_machines, NULL), 0);
  for (int i = 0; i < 20; ++i) {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    EXPECT(wait_for(child), 0);
  }
  for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
}

/* Of one machine: one stays open while the others run it. */
static void* run_it(void* vcpu) {
  struct kvm_run* const run = map_run(*(int*)vcpu);
  for (int i = 0; i < 50; ++i) EXPECT(ioctl(*(int*)vcpu, KVM_RUN, 0), -EINTR);
  EXPECT(run->exit_reason, KVM_EXIT_INTR);
  return NULL;
}

static void threads_on_one(void) {
  struct machine machine = make_machine();
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) EXPECT(pthread_create(&threads[i], NULL, &run_it, &machine.vcpu), 0);
  for (int i = 0; i < 4; ++i) pthread_join(threads[i], NULL);
  close_machine(&machine);
}

static int count_descriptors(void) {
  int count = 0;
  DIR* const all = opendir("/proc/self/fd");
  while (readdir(all) != NULL) ++count;
  closedir(all);
  return count;
}

/* When all is closed nothing is left open, a vCPU's memory neither. */
static void nothing_is_left(void) {
  const struct machine kept = make_machine(); /* and with it the connection */
  const int before = count_descriptors();
  for (int i = 0; i < 50; ++i) {
    const struct machine machine = make_machine();
    munmap(map_run(machine.vcpu), sizeof(struct kvm_run));
    close_machine(&machine);
  }
  /* What other threads still close comes to an end; if not, this hangs. */
  while (count_descriptors() > before) sched_yield();
  close_machine(&kept);
}

static int from_constructor = -1;
__attribute__((constructor)) static void open_early(void) {
  const int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
  from_constructor = ioctl(kvm, KVM_GET_API_VERSION, 0);
  close(kvm);
}

int main(int argc, char** argv) {
  EXPECT(from_constructor, 12);
  if (argc == 2 && strcmp(argv[1], "receive") == 0) return receive_elsewhere();
  copies();
  unseen();
  number_used_again();
  forks();
  sent(argv[0]);
  threads_on_one();
  nothing_is_left();
  threads();
  if (failures == 0) puts("descriptors are files");
  return failures != 0;
}
