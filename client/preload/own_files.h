// Which descriptor numbers of the process are irqd's, so that all others pass by at the cost of two
// loads.
//
// A number is noted when we see it made or copied, and forgotten when we see it closed. A copy made
// unseen (a descriptor that comes back over a socket) and a number closed unseen (close_range, a
// system call of the program's own) make that wrong. So a noted number is compared with the inode
// that it had, and an ioctl of KVM's is offered to irqd whatever its descriptor.
//
// fork(): the child has a copy of all of it. In a child of vfork(), which shares our memory but not
// our descriptors, nothing is noted and nothing forgotten.
#ifndef IRQD_CLIENT_PRELOAD_OWN_FILES_H_
#define IRQD_CLIENT_PRELOAD_OWN_FILES_H_

#include <linux/kvm.h>
#include <sys/types.h>

#include <atomic>

namespace irqd {

struct S390Registers;

// An open file of irqd's, which any number of descriptors refer to.
struct OwnFile {
  dev_t device;
  ino_t inode;
  OwnFile* vm;  // of a vCPU, if it is known: counted below
  // Of a VM: whether this program has taken charge of run states, with KVM_SET_MP_STATE.
  std::atomic<bool> controls_run_states;
  // Of a vCPU, once it is mapped: its struct kvm_run, which shares memory with `run_memory`.
  std::atomic<kvm_run*> run;
  std::atomic<int> run_memory;  // -1 before
  // And once they are used, those of its registers that are nowhere else.
  std::atomic<S390Registers*> registers;

  // OwnFiles' own.
  int references;
  OwnFile* before;
  OwnFile* behind;
};

// Keeps an OwnFile for as long as it lives. Null for none.
class OwnFileRef {
 public:
  explicit OwnFileRef(OwnFile* file = nullptr) : file_(file) {}
  OwnFileRef(OwnFileRef&& other) noexcept : file_(other.file_) { other.file_ = nullptr; }
  ~OwnFileRef();

  OwnFile* get() const { return file_; }
  OwnFile* operator->() const { return file_; }

 private:
  OwnFile* file_;
};

// Thread safety: all functions may be called from any thread; IsNoted also from a signal handler.
// All keep errno.
class OwnFiles {
 public:
  // Whether `fd` may be irqd's. If not, it is none that we saw.
  static bool IsNoted(int fd) {
    const auto number = static_cast<unsigned int>(fd);
    if (number >= kNumbers) return false;
    const Page* const page = pages_[number / kPageSize].load(std::memory_order_acquire);
    return page != nullptr &&
           page->files[number % kPageSize].load(std::memory_order_relaxed) != nullptr;
  }

  // Notes `fd`, which is irqd's. `vm`: for a vCPU.
  static void Add(int fd, OwnFile* vm);
  // The file that `fd` refers to. Null if that was not noted; forgets `fd` then.
  static OwnFileRef Find(int fd);
  // As Find, but notes `fd` if it was not. It is irqd's. Null only without memory.
  static OwnFileRef FindOrAdd(int fd);
  // `to` has become a copy of `from`.
  static void Copied(int from, int to);
  // `fd` is no longer irqd's. Not for a child of vfork().
  static void Forget(int fd);
  static void Release(OwnFile* file);

 private:
  // Descriptors above the usual fs.nr_open are never noted.
  static constexpr unsigned int kNumbers = 1 << 20;
  static constexpr unsigned int kPageSize = 1 << 10;
  struct Page {
    std::atomic<OwnFile*> files[kPageSize];
  };

  static std::atomic<OwnFile*>* Slot(int fd);
  static OwnFile* Exchange(int fd, OwnFile* file);
  static OwnFile* NewFile(dev_t device, ino_t inode, OwnFile* vm);
  static void ReleaseLocked(OwnFile* file);
  static OwnFile* FindLocked(int fd, dev_t device, ino_t inode);

  static std::atomic<Page*> pages_[kNumbers / kPageSize];
  static OwnFile* newest_;
};

inline OwnFileRef::~OwnFileRef() {
  if (file_ != nullptr) OwnFiles::Release(file_);
}

// Whether this is a child of vfork(), or of a clone() that did without libc's fork().
// Thread safety: may be called from any thread and from a signal handler.
bool SharesItsParentsMemory();

}  // namespace irqd

#endif  // IRQD_CLIENT_PRELOAD_OWN_FILES_H_
