#include "client/preload/own_files.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/preload/next.h"

namespace irqd {
namespace {

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
std::atomic<pid_t> process{0};

void BeforeFork() { pthread_mutex_lock(&mutex); }
void AfterForkInParent() { pthread_mutex_unlock(&mutex); }
void AfterForkInChild() {
  process.store(getpid(), std::memory_order_relaxed);
  pthread_mutex_unlock(&mutex);
}

void WatchForks() {
  process.store(getpid(), std::memory_order_relaxed);
  pthread_atfork(&BeforeFork, &AfterForkInParent, &AfterForkInChild);
}

// Of everything that all threads of the process share; keeps errno.
class Lock {
 public:
  Lock() : errno_(errno) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, &WatchForks);
    pthread_mutex_lock(&mutex);
  }
  ~Lock() {
    pthread_mutex_unlock(&mutex);
    errno = errno_;
  }

 private:
  const int errno_;
};

}  // namespace

std::atomic<OwnFiles::Page*> OwnFiles::pages_[kNumbers / kPageSize];
OwnFile* OwnFiles::newest_ = nullptr;

bool SharesItsParentsMemory() {
  const pid_t known = process.load(std::memory_order_relaxed);
  return known != 0 && known != getpid();
}

// Null for a number that is never noted, and without memory.
std::atomic<OwnFile*>* OwnFiles::Slot(int fd) {
  const auto number = static_cast<unsigned int>(fd);
  if (number >= kNumbers) return nullptr;
  std::atomic<Page*>& entry = pages_[number / kPageSize];
  Page* page = entry.load(std::memory_order_relaxed);
  if (page == nullptr) {
    page = static_cast<Page*>(calloc(1, sizeof(Page)));
    entry.store(page, std::memory_order_release);
  }
  return page == nullptr ? nullptr : &page->files[number % kPageSize];
}

// Takes over a reference to `file`, or none if that is null.
OwnFile* OwnFiles::Exchange(int fd, OwnFile* file) {
  std::atomic<OwnFile*>* const slot = Slot(fd);
  if (slot == nullptr) return file;
  return slot->exchange(file, std::memory_order_relaxed);
}

OwnFile* OwnFiles::NewFile(dev_t device, ino_t inode, OwnFile* vm) {
  auto* const file = static_cast<OwnFile*>(calloc(1, sizeof(OwnFile)));
  if (file == nullptr) return nullptr;
  file->device = device;
  file->inode = inode;
  file->vm = vm;
  if (vm != nullptr) ++vm->references;
  file->run_memory.store(-1, std::memory_order_relaxed);
  file->references = 1;
  file->behind = newest_;
  if (newest_ != nullptr) newest_->before = file;
  newest_ = file;
  return file;
}

void OwnFiles::ReleaseLocked(OwnFile* file) {
  while (file != nullptr && --file->references == 0) {
    (file->before != nullptr ? file->before->behind : newest_) = file->behind;
    if (file->behind != nullptr) file->behind->before = file->before;
    kvm_run* const run = file->run.load(std::memory_order_relaxed);
    if (run != nullptr) munmap(run, sysconf(_SC_PAGESIZE));
    const int memory = file->run_memory.load(std::memory_order_relaxed);
    if (memory >= 0) next_close(memory);
    OwnFile* const vm = file->vm;
    free(file->registers.load(std::memory_order_relaxed));
    free(file);
    file = vm;
  }
}

// With a reference for the caller.
OwnFile* OwnFiles::FindLocked(int fd, dev_t device, ino_t inode) {
  std::atomic<OwnFile*>* const slot = Slot(fd);
  OwnFile* const file = slot == nullptr ? nullptr : slot->load(std::memory_order_relaxed);
  if (file == nullptr || file->device != device || file->inode != inode) return nullptr;
  ++file->references;
  return file;
}

void OwnFiles::Add(int fd, OwnFile* vm) {
  if (SharesItsParentsMemory()) return;
  const Lock lock;
  struct stat file;
  if (fstat(fd, &file) != 0) return;
  OwnFile* const added = NewFile(file.st_dev, file.st_ino, vm);
  if (added != nullptr) ReleaseLocked(Exchange(fd, added));
}

OwnFileRef OwnFiles::Find(int fd) {
  const Lock lock;
  struct stat file;
  const bool is_open = fstat(fd, &file) == 0;
  OwnFile* const found = is_open ? FindLocked(fd, file.st_dev, file.st_ino) : nullptr;
  if (found == nullptr && !SharesItsParentsMemory()) ReleaseLocked(Exchange(fd, nullptr));
  return OwnFileRef(found);
}

OwnFileRef OwnFiles::FindOrAdd(int fd) {
  const Lock lock;
  struct stat file;
  if (fstat(fd, &file) != 0) return OwnFileRef();
  OwnFile* found = FindLocked(fd, file.st_dev, file.st_ino);
  if (found != nullptr || SharesItsParentsMemory()) return OwnFileRef(found);
  for (found = newest_; found != nullptr; found = found->behind) {
    if (found->device == file.st_dev && found->inode == file.st_ino) break;
  }
  if (found != nullptr) {
    ++found->references;
  } else {
    found = NewFile(file.st_dev, file.st_ino, nullptr);
    if (found == nullptr) return OwnFileRef();
  }
  ++found->references;
  ReleaseLocked(Exchange(fd, found));
  return OwnFileRef(found);
}

void OwnFiles::Copied(int from, int to) {
  if (SharesItsParentsMemory()) return;
  const Lock lock;
  struct stat file;
  OwnFile* const copied =
      fstat(to, &file) == 0 ? FindLocked(from, file.st_dev, file.st_ino) : nullptr;
  ReleaseLocked(Exchange(to, copied));
}

void OwnFiles::Forget(int fd) {
  const Lock lock;
  ReleaseLocked(Exchange(fd, nullptr));
}

void OwnFiles::Release(OwnFile* file) {
  const Lock lock;
  ReleaseLocked(file);
}

}  // namespace irqd
