// What the functions of the C interface have in common: descriptors in, errno out.
//
// Thread safety: all functions may be called from any thread.
#ifndef IRQD_CLIENT_C_CALL_H_
#define IRQD_CLIENT_C_CALL_H_

#include <cerrno>
#include <memory>
#include <utility>

#include "client/descriptor_table.h"

namespace irqd {

// From -errno to the habit of C.
inline int CResult(int result) {
  if (result >= 0) return result;
  errno = -result;
  return -1;
}

// What `fd` stands for, if this process may use it. 0, or -EBADF, -ENOTTY, -EIO.
inline int FindDescriptor(int fd, std::shared_ptr<const Descriptor>* descriptor) {
  const int error = DescriptorTable::Get().Find(fd, descriptor);
  if (error != 0) return error;
  return (*descriptor)->belongs_to_this_process() ? 0 : -EIO;
}

// As FindDescriptor, with -ENOTTY for a descriptor of another kind.
template <typename Kind>
int FindKind(int fd, std::shared_ptr<const Kind>* found) {
  std::shared_ptr<const Descriptor> descriptor;
  const int error = FindDescriptor(fd, &descriptor);
  if (error == -EBADF || error == -ENOTTY) return error;
  *found = std::dynamic_pointer_cast<const Kind>(std::move(descriptor));
  return *found == nullptr ? -ENOTTY : error;
}

}  // namespace irqd

#endif  // IRQD_CLIENT_C_CALL_H_
