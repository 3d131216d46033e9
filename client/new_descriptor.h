// Descriptors in the making: the file is there, and what it stands for is not known yet.
//
// A call that creates something makes its descriptor first, so that nothing has to be undone when
// the process can have no more of them. One that is dropped is closed.
#ifndef IRQD_CLIENT_NEW_DESCRIPTOR_H_
#define IRQD_CLIENT_NEW_DESCRIPTOR_H_

#include <memory>
#include <vector>

#include "client/descriptor_table.h"

namespace irqd {

struct NewDescriptor {
  UniqueFd carrier;
  std::vector<std::shared_ptr<Lifetime>> lifetimes;  // whose tokens it carries

  // Makes it the program's. Returns its number, or -errno.
  int Publish(std::shared_ptr<const Descriptor> descriptor) &&;
};

// All of these return 0, or -errno as MakeToken in lifetime.h.

// With a lifetime of its own.
int Prepare(NewDescriptor* made);
// With the lifetime of the VM that `vm_fd` stands for.
int PrepareInVm(int vm_fd, std::shared_ptr<Lifetime> vm, NewDescriptor* made);
// With both: it leaves the table when it is closed, and keeps the VM until then.
int PrepareBesideVm(int vm_fd, std::shared_ptr<Lifetime> vm, NewDescriptor* made);

}  // namespace irqd

#endif  // IRQD_CLIENT_NEW_DESCRIPTOR_H_
