// Which of the process's descriptors are ours, and what they stand for.
//
// A descriptor is known by its inode, so that copies of it work, a closed one is nobody's, and a
// number that was used again for another file is not mistaken.
//
// Thread safety: all methods may be called from any thread. One reader/writer lock guards the
// table, held for reading by a lookup and for writing to add and remove, never during a call to
// the simulated kernel.
//
// fork(): the child may use the table. What it inherits are descriptors of another process.
// exit(): all lifetimes of this process end, within 2 s.
#ifndef IRQD_CLIENT_DESCRIPTOR_TABLE_H_
#define IRQD_CLIENT_DESCRIPTOR_TABLE_H_

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "client/lifetime.h"
#include "client/this_process.h"

namespace irqd {

// What a descriptor stands for. Immutable.
class Descriptor {
 public:
  virtual ~Descriptor() = default;

  // What ioctl() on it returns: 0 or more, or -errno. `fd` is a descriptor of this.
  virtual int Ioctl(int fd, unsigned int request, uint64_t argument) const = 0;
  // Its lifetime has ended. It may take `timeout` to clean up.
  virtual void AtEnd(absl::Duration timeout) const {}

  bool belongs_to_this_process() const { return process_ == ThisProcess(); }

 private:
  const pid_t process_ = ThisProcess();
};

class DescriptorTable {
 public:
  // The process has one. It is never destroyed, as threads may use it until the very end.
  static DescriptorTable& Get();

  // Makes a token and the lifetime that it keeps alive. 0, or -errno as MakeToken.
  int BeginLifetime(std::shared_ptr<Lifetime>* lifetime, UniqueFd* token);

  // Adds a descriptor that carries the tokens of `lifetimes`. When the first of them ends, it
  // leaves the table, and its AtEnd runs, in any thread. Returns the descriptor, which is the
  // program's from now on.
  int Add(UniqueFd carrier, std::shared_ptr<const Descriptor> descriptor,
          std::vector<std::shared_ptr<Lifetime>> lifetimes);

  // 0 and what `fd` stands for, or -EBADF, -ENOTTY.
  int Find(int fd, std::shared_ptr<const Descriptor>* descriptor) const;

  // Closes `fd`. Lifetimes that end by that have ended when this returns. 0, or -EBADF, -ENOTTY.
  int Close(int fd);

 private:
  using Inode = std::pair<dev_t, ino_t>;
  struct Entry {
    std::shared_ptr<const Descriptor> descriptor;
    std::vector<std::shared_ptr<Lifetime>> lifetimes;
  };
  struct Watched {
    std::shared_ptr<Lifetime> lifetime;
    std::vector<Inode> entries;
    pid_t process;
  };

  DescriptorTable();
  int Watch(std::shared_ptr<Lifetime> lifetime);
  int StartReaper();
  void Reap(int epoll);
  std::vector<Entry> Forget(const Lifetime* lifetime);
  void EndAll();

  mutable std::shared_mutex mutex_;
  absl::flat_hash_map<Inode, Entry> entries_;
  absl::flat_hash_map<const Lifetime*, Watched> watched_;
  // The reaper is a thread that waits for lifetimes to hang up.
  UniqueFd epoll_;
  pid_t reaper_process_ = 0;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_DESCRIPTOR_TABLE_H_
