// Notices that the last of some descriptors was closed, however that came about.
//
// A program may close() a descriptor, or copy it with dup() or fork(), without asking us. So the
// operating system counts for us. A lifetime is a pipe, and its token the write end. A
// descriptor of the program is one end of a socket pair that has the token in its receive
// queue, in flight (SCM_RIGHTS), where nobody takes it out. When the last copy of the last such
// descriptor is closed, the system drops the queues, with them the last write end, and the read
// end, which we keep, hangs up.
//
// Descriptors in flight count against the user's RLIMIT_NOFILE, and every token is one.
#ifndef IRQD_CLIENT_LIFETIME_H_
#define IRQD_CLIENT_LIFETIME_H_

#include <functional>
#include <initializer_list>
#include <mutex>

#include "absl/time/time.h"
#include "client/unique_fd.h"

namespace irqd {

// Thread safety: all methods may be called from any thread.
class Lifetime {
 public:
  // What there is to do at the end, for which it may take as long as `timeout`.
  using AtEnd = std::function<void(const Lifetime* self, absl::Duration timeout)>;

  Lifetime(UniqueFd read_end, AtEnd at_end);

  // Readable by poll: hangs up when the last token is gone.
  int read_end() const { return read_end_.get(); }
  bool HasHungUp() const;

  // Runs `at_end`, once. When this returns it has run, whoever called first.
  void End(absl::Duration timeout);

 private:
  const UniqueFd read_end_;
  const AtEnd at_end_;
  std::once_flag ended_;
};

// All of these return 0 or -errno: EMFILE, ENFILE (also for too many in flight), ENOMEM.
int MakeToken(UniqueFd* read_end, UniqueFd* token);
// A descriptor for the program that carries `tokens`, one or two.
int MakeCarrier(std::initializer_list<int> tokens, UniqueFd* carrier);
// Another copy of the first token that `carrier` carries; it stays there.
//   ENODEV  somebody has read from the descriptor, and the token with it
int CopyToken(int carrier, UniqueFd* token);

}  // namespace irqd

#endif  // IRQD_CLIENT_LIFETIME_H_
