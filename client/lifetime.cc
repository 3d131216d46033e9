#include "client/lifetime.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace irqd {
namespace {

constexpr size_t kMaxTokens = 2;

// A message of one byte with room for tokens.
struct TokenMessage {
  TokenMessage() {
    header.msg_iov = &iov;
    header.msg_iovlen = 1;
    header.msg_control = control;
    header.msg_controllen = sizeof(control);
  }

  char byte = 0;
  iovec iov = {&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(kMaxTokens * sizeof(int))] = {};
  msghdr header = {};
};

// Too many in flight is what ENFILE says, of one user.
int ErrorOfSend() {
  switch (errno) {
    case ETOOMANYREFS:
      return -ENFILE;
    case ENOBUFS:
      return -ENOMEM;
    default:
      return -errno;
  }
}

}  // namespace

Lifetime::Lifetime(UniqueFd read_end, AtEnd at_end)
    : read_end_(std::move(read_end)), at_end_(std::move(at_end)) {}

bool Lifetime::HasHungUp() const {
  pollfd watched = {read_end_.get(), 0, 0};
  return poll(&watched, 1, 0) == 1 && (watched.revents & POLLHUP) != 0;
}

void Lifetime::End(absl::Duration timeout) {
  std::call_once(ended_, [&] { at_end_(this, timeout); });
}

int MakeToken(UniqueFd* read_end, UniqueFd* token) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return -errno;
  *read_end = UniqueFd(ends[0]);
  *token = UniqueFd(ends[1]);
  return 0;
}

int MakeCarrier(std::initializer_list<int> tokens, UniqueFd* carrier) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -errno;
  *carrier = UniqueFd(ends[0]);
  // Closed on return: the carrier needs no other end, only what is in its queue.
  const UniqueFd sender(ends[1]);

  TokenMessage message;
  message.header.msg_controllen = CMSG_SPACE(tokens.size() * sizeof(int));
  cmsghdr* const rights = CMSG_FIRSTHDR(&message.header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(tokens.size() * sizeof(int));
  std::copy(tokens.begin(), tokens.end(), reinterpret_cast<int*>(CMSG_DATA(rights)));
  return sendmsg(sender.get(), &message.header, MSG_NOSIGNAL) == 1 ? 0 : ErrorOfSend();
}

int CopyToken(int carrier, UniqueFd* token) {
  TokenMessage message;
  // Looking at a message in flight makes copies of what it carries.
  const int flags = MSG_PEEK | MSG_DONTWAIT | MSG_CMSG_CLOEXEC;
  if (recvmsg(carrier, &message.header, flags) != 1) return -ENODEV;
  const cmsghdr* const rights = CMSG_FIRSTHDR(&message.header);
  if (rights == nullptr || rights->cmsg_len < CMSG_LEN(sizeof(int))) return -EMFILE;
  const auto* fds = reinterpret_cast<const int*>(CMSG_DATA(rights));
  *token = UniqueFd(fds[0]);
  if (rights->cmsg_len == CMSG_LEN(2 * sizeof(int))) close(fds[1]);
  return 0;
}

}  // namespace irqd
