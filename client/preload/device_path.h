// Whether a path names /dev/kvm.
#ifndef IRQD_CLIENT_PRELOAD_DEVICE_PATH_H_
#define IRQD_CLIENT_PRELOAD_DEVICE_PATH_H_

namespace irqd {

// Whether openat(directory, path) would open /dev/kvm: the last component is `kvm`, and what comes
// before it is the directory /dev, however it is written and whatever links lead there. A link in
// the last place is not followed. A path that does not end in `kvm` costs no system call. Keeps
// errno.
//
// Thread safety: may be called from any thread and from a signal handler.
bool NamesDevKvm(int directory, const char* path);

}  // namespace irqd

#endif  // IRQD_CLIENT_PRELOAD_DEVICE_PATH_H_
