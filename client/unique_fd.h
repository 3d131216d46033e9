// Owns a descriptor: closes it in the end. Not thread-safe.
#ifndef IRQD_CLIENT_UNIQUE_FD_H_
#define IRQD_CLIENT_UNIQUE_FD_H_

#include <unistd.h>

#include <utility>

namespace irqd {

class UniqueFd {
 public:
  explicit UniqueFd(int fd = -1) : fd_(fd) {}
  ~UniqueFd() {
    if (fd_ >= 0) close(fd_);
  }
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    UniqueFd old(std::exchange(fd_, other.release()));
    return *this;
  }

  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_UNIQUE_FD_H_
