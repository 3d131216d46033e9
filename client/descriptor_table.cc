#include "client/descriptor_table.h"

#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>

#include "absl/time/clock.h"
#include "client/connection.h"

namespace irqd {
namespace {

constexpr absl::Duration kExitTimeout = absl::Seconds(2);

// Starts a thread that no signal handler of the program will run in.
template <typename Body>
int StartQuietThread(Body body) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  int error = 0;
  try {
    std::thread(body).detach();
  } catch (const std::system_error&) {
    error = -ENOMEM;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error;
}

}  // namespace

DescriptorTable& DescriptorTable::Get() {
  static DescriptorTable* const table = new DescriptorTable;
  return *table;
}

DescriptorTable::DescriptorTable() {
  pthread_atfork([] { Get().mutex_.lock(); }, [] { Get().mutex_.unlock(); },
                 // The thread that holds it has another id here and may not unlock it.
                 [] { new (&Get().mutex_) std::shared_mutex; });
  std::atexit([] { Get().EndAll(); });
}

int DescriptorTable::BeginLifetime(std::shared_ptr<Lifetime>* lifetime, UniqueFd* token) {
  UniqueFd read_end;
  const int error = MakeToken(&read_end, token);
  if (error != 0) return error;
  const auto at_end = [this](const Lifetime* self, absl::Duration timeout) {
    for (const Entry& entry : Forget(self)) entry.descriptor->AtEnd(timeout);
  };
  *lifetime = std::make_shared<Lifetime>(std::move(read_end), at_end);
  return Watch(*lifetime);
}

int DescriptorTable::Watch(std::shared_ptr<Lifetime> lifetime) {
  std::lock_guard<std::shared_mutex> lock(mutex_);
  const int error = StartReaper();
  if (error != 0) return error;
  epoll_event event = {};  // a hang-up is always reported
  event.data.ptr = lifetime.get();
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, lifetime->read_end(), &event) != 0) return -errno;
  const Lifetime* const key = lifetime.get();
  watched_[key] = {std::move(lifetime), {}, ThisProcess()};
  return 0;
}

int DescriptorTable::StartReaper() {
  if (reaper_process_ == ThisProcess()) return 0;
  UniqueFd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (epoll.get() < 0) return -errno;
  const int error = StartQuietThread([this, fd = epoll.get()] { Reap(fd); });
  if (error != 0) return error;
  epoll_ = std::move(epoll);
  reaper_process_ = ThisProcess();
  return 0;
}

void DescriptorTable::Reap(int epoll) {
  epoll_event event;
  for (;;) {
    const int count = epoll_wait(epoll, &event, 1, -1);
    if (count < 0 && errno != EINTR) return;
    if (count != 1) continue;
    std::shared_ptr<Lifetime> lifetime;
    {
      std::shared_lock<std::shared_mutex> lock(mutex_);
      const auto found = watched_.find(static_cast<const Lifetime*>(event.data.ptr));
      if (found != watched_.end()) lifetime = found->second.lifetime;
    }
    // It may be another one by now, at the address of one that is gone.
    if (lifetime != nullptr && lifetime->HasHungUp()) lifetime->End(CallOptions().timeout);
  }
}

// Takes a lifetime and its descriptors out of the table, and returns these: to destroy them may
// close connections, which is not to happen under the lock.
std::vector<DescriptorTable::Entry> DescriptorTable::Forget(const Lifetime* lifetime) {
  std::vector<Entry> entries;
  std::lock_guard<std::shared_mutex> lock(mutex_);
  const auto found = watched_.find(lifetime);
  if (found == watched_.end()) return entries;
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, lifetime->read_end(), nullptr);
  for (const Inode& inode : found->second.entries) {
    const auto entry = entries_.find(inode);
    // A vCPU's inode may have been used again since it was closed.
    if (entry == entries_.end() || entry->second.lifetimes[0].get() != lifetime) continue;
    entries.push_back(std::move(entry->second));
    entries_.erase(entry);
  }
  watched_.erase(found);
  return entries;
}

int DescriptorTable::Add(UniqueFd carrier, std::shared_ptr<const Descriptor> descriptor,
                         std::vector<std::shared_ptr<Lifetime>> lifetimes) {
  struct stat file;
  if (fstat(carrier.get(), &file) != 0) return -errno;
  const Inode inode(file.st_dev, file.st_ino);
  std::lock_guard<std::shared_mutex> lock(mutex_);
  watched_[lifetimes[0].get()].entries.push_back(inode);
  entries_[inode] = {std::move(descriptor), std::move(lifetimes)};
  return carrier.release();
}

int DescriptorTable::Find(int fd, std::shared_ptr<const Descriptor>* descriptor) const {
  struct stat file;
  if (fstat(fd, &file) != 0) return -EBADF;
  std::shared_lock<std::shared_mutex> lock(mutex_);
  const auto found = entries_.find(Inode(file.st_dev, file.st_ino));
  if (found == entries_.end()) return -ENOTTY;
  *descriptor = found->second.descriptor;
  return 0;
}

int DescriptorTable::Close(int fd) {
  struct stat file;
  if (fstat(fd, &file) != 0) return -EBADF;
  Entry entry;
  {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    const auto found = entries_.find(Inode(file.st_dev, file.st_ino));
    if (found == entries_.end()) return -ENOTTY;
    entry = found->second;
  }
  if (close(fd) != 0 && errno == EBADF) return -EBADF;
  // Elsewhere they end in the process that they belong to.
  if (!entry.descriptor->belongs_to_this_process()) return 0;
  for (const std::shared_ptr<Lifetime>& lifetime : entry.lifetimes) {
    if (lifetime->HasHungUp()) lifetime->End(CallOptions().timeout);
  }
  return 0;
}

void DescriptorTable::EndAll() {
  std::vector<std::shared_ptr<Lifetime>> lifetimes;
  {
    std::shared_lock<std::shared_mutex> lock(mutex_);
    for (const auto& entry : watched_) {
      if (entry.second.process == ThisProcess()) lifetimes.push_back(entry.second.lifetime);
    }
  }
  if (lifetimes.empty()) return;
  const auto end_them = [&] {
    const absl::Time deadline = absl::Now() + kExitTimeout;
    for (const std::shared_ptr<Lifetime>& lifetime : lifetimes) {
      if (absl::Now() < deadline) lifetime->End(deadline - absl::Now());
    }
  };
  // In a thread of its own: this one has lost its thread-local variables already.
  try {
    std::thread(end_them).join();
  } catch (const std::system_error&) {
  }
}

}  // namespace irqd
