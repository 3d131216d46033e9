// ioctl() on descriptors of irqd's, and KVM's ioctls on any descriptor.
#ifndef IRQD_CLIENT_PRELOAD_OWN_IOCTL_H_
#define IRQD_CLIENT_PRELOAD_OWN_IOCTL_H_

#include <linux/kvm.h>
#include <sys/ioctl.h>

namespace irqd {

// Whether `request` is KVM's. Those of its type byte that <linux/nitro_enclaves.h> has are not.
inline bool IsKvmRequest(unsigned long request) {
  return _IOC_TYPE(request) == KVMIO && (_IOC_NR(request) < 0x20 || _IOC_NR(request) > 0x3f);
}

// What ioctl(fd, request, argument) returns, where fd is noted in OwnFiles or request is KVM's.
// The order of errors is irqd_ioctl's; a request of KVM's on a descriptor that is not irqd's is
// ENOTTY, as the kernel says of a file that is not KVM's: a real one does not get to see it.
// Before that a descriptor of the real /dev/kvm becomes one of irqd's, under the same number; where
// that fails, so does the request, with the errors of OpenDevKvm.
//
// Thread safety: may be called from any thread.
int OwnIoctl(int fd, unsigned long request, unsigned long argument);

}  // namespace irqd

#endif  // IRQD_CLIENT_PRELOAD_OWN_IOCTL_H_
