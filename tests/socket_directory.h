// A folder for Unix sockets: their paths must be shorter than a test's own folder often is.
#ifndef IRQD_TESTS_SOCKET_DIRECTORY_H_
#define IRQD_TESTS_SOCKET_DIRECTORY_H_

#include <cstdlib>
#include <filesystem>
#include <string>

namespace irqd {

// Made with the object, and removed with all that is in it.
class SocketDirectory {
 public:
  SocketDirectory() {
    std::string pattern = "/tmp/irqd_test_XXXXXX";
    path_ = mkdtemp(&pattern[0]);
  }
  ~SocketDirectory() { std::filesystem::remove_all(path_); }
  SocketDirectory(const SocketDirectory&) = delete;
  SocketDirectory& operator=(const SocketDirectory&) = delete;

  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace irqd

#endif  // IRQD_TESTS_SOCKET_DIRECTORY_H_
