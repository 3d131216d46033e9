#include "client/preload/device_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

namespace irqd {
namespace {

constexpr char kName[] = "kvm";
constexpr size_t kNameSize = sizeof(kName) - 1;

// Whether the first `size` bytes of `path` name the directory /dev.
bool IsDev(int directory, const char* path, size_t size) {
  char before[PATH_MAX];
  if (size >= sizeof(before)) return false;
  memcpy(before, path, size);
  before[size] = '\0';
  struct stat found, dev;
  return fstatat(directory, before, &found, AT_EMPTY_PATH) == 0 && stat("/dev", &dev) == 0 &&
         found.st_dev == dev.st_dev && found.st_ino == dev.st_ino;
}

}  // namespace

bool NamesDevKvm(int directory, const char* path) {
  if (path == nullptr) return false;
  const size_t size = strlen(path);
  if (size < kNameSize || memcmp(path + size - kNameSize, kName, kNameSize) != 0) return false;
  if (size > kNameSize && path[size - kNameSize - 1] != '/') return false;
  if (strcmp(path, "/dev/kvm") == 0) return true;
  const int error = errno;
  const bool is_dev = IsDev(directory, path, size - kNameSize);
  errno = error;
  return is_dev;
}

}  // namespace irqd
