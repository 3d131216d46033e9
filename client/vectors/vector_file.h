// Files of vectors: JSON Lines, a scenario a line, as long as they like.
#ifndef IRQD_CLIENT_VECTORS_VECTOR_FILE_H_
#define IRQD_CLIENT_VECTORS_VECTOR_FILE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "client/vectors/scenario.h"

namespace irqd {

// Reads one scenario after the other and keeps none. For one thread at a time.
class VectorReader {
 public:
  //   INVALID_ARGUMENT  "FILE: No such file or directory" and the like
  static absl::StatusOr<VectorReader> Open(const std::string& path);
  // Reads from a descriptor that somebody else closes, and calls it `name` in errors.
  VectorReader(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
  ~VectorReader();
  VectorReader(VectorReader&& other) noexcept;
  VectorReader& operator=(VectorReader&&) = delete;

  // The next scenario; nothing at the end. Empty lines do not count. After an error there is no
  // next one.
  //   INVALID_ARGUMENT  "FILE:12: steps[3].len: ..." as of ParseScenario; a name that an earlier
  //                     line has; the file cannot be read
  absl::StatusOr<absl::optional<Scenario>> Next();

  const std::string& name() const { return name_; }
  // The number of the line that Next read last, from 1.
  uint64_t line() const { return line_; }

 private:
  absl::StatusOr<absl::optional<std::string>> NextLine();
  absl::Status Error(absl::string_view message) const;

  const int fd_;
  std::string name_;
  bool owns_fd_ = false;
  bool at_end_ = false;
  std::string buffer_;
  size_t start_ = 0;  // of what is not read yet in buffer_
  uint64_t line_ = 0;
  std::map<std::string, uint64_t> names_;  // and the line of each
};

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_VECTOR_FILE_H_
