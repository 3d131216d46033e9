#include "client/vectors/vector_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace irqd {
namespace {

constexpr size_t kChunk = size_t{64} << 10;

}  // namespace

absl::StatusOr<VectorReader> VectorReader::Open(const std::string& path) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return absl::InvalidArgumentError(absl::StrCat(path, ": ", std::strerror(errno)));
  VectorReader reader(fd, path);
  reader.owns_fd_ = true;
  return reader;
}

VectorReader::VectorReader(VectorReader&& other) noexcept
    : fd_(other.fd_),
      name_(std::move(other.name_)),
      owns_fd_(std::exchange(other.owns_fd_, false)),
      at_end_(other.at_end_),
      buffer_(std::move(other.buffer_)),
      start_(other.start_),
      line_(other.line_),
      names_(std::move(other.names_)) {}

VectorReader::~VectorReader() {
  if (owns_fd_) close(fd_);
}

absl::Status VectorReader::Error(absl::string_view message) const {
  return absl::InvalidArgumentError(absl::StrCat(name_, ":", line_, ": ", message));
}

absl::StatusOr<absl::optional<std::string>> VectorReader::NextLine() {
  size_t searched = start_;
  while (true) {
    const size_t end = buffer_.find('\n', searched);
    if (end != std::string::npos || (at_end_ && start_ < buffer_.size())) {
      ++line_;
      std::string line = buffer_.substr(start_, end == std::string::npos ? end : end - start_);
      start_ = end == std::string::npos ? buffer_.size() : end + 1;
      return absl::optional<std::string>(std::move(line));
    }
    if (at_end_) return absl::optional<std::string>();
    buffer_.erase(0, std::exchange(start_, 0));
    searched = buffer_.size();
    if (searched > kMaxScenarioLine) {
      ++line_;
      return Error(absl::StrCat("longer than ", kMaxScenarioLine, " bytes"));
    }
    buffer_.resize(searched + kChunk);
    const ssize_t got = read(fd_, &buffer_[searched], kChunk);
    const int error = errno;
    buffer_.resize(searched + (got > 0 ? static_cast<size_t>(got) : 0));
    if (got < 0 && error != EINTR) {
      return absl::InvalidArgumentError(absl::StrCat(name_, ": ", std::strerror(error)));
    }
    at_end_ = got == 0;
  }
}

absl::StatusOr<absl::optional<Scenario>> VectorReader::Next() {
  while (true) {
    absl::StatusOr<absl::optional<std::string>> line = NextLine();
    if (!line.ok()) return line.status();
    if (!*line) return absl::optional<Scenario>();
    if (absl::StripAsciiWhitespace(**line).empty()) continue;
    absl::StatusOr<Scenario> scenario = ParseScenario(**line);
    if (!scenario.ok()) return Error(scenario.status().message());
    const auto added = names_.emplace(scenario->name, line_);
    if (!added.second) {
      return Error(
          absl::StrCat("name: line ", added.first->second, " has '", scenario->name, "' already"));
    }
    return absl::optional<Scenario>(*std::move(scenario));
  }
}

}  // namespace irqd
