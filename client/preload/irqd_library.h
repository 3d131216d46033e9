// libirqd_kvm.so, loaded when the program first opens /dev/kvm: a program that never does is spared
// gRPC and all that comes with it.
#ifndef IRQD_CLIENT_PRELOAD_IRQD_LIBRARY_H_
#define IRQD_CLIENT_PRELOAD_IRQD_LIBRARY_H_

#include <cstdint>

#include "client/irqd_kvm.h"
#include "client/irqd_kvm_guest.h"

namespace irqd {

// Its functions, as irqd_kvm.h and irqd_kvm_guest.h have them.
struct IrqdLibrary {
  decltype(&irqd_open) open;
  decltype(&irqd_ioctl) ioctl;
  decltype(&irqd_close) close;
  decltype(&irqd_vcpu_get_register) vcpu_get_register;
  decltype(&irqd_vcpu_set_register) vcpu_set_register;
  decltype(&irqd_vm_get_register) vm_get_register;
  decltype(&irqd_vcpu_deliver) vcpu_deliver;
  decltype(&irqd_vcpu_stop_intercept) vcpu_stop_intercept;
};

// Null if it has not been loaded, so that no descriptor can be irqd's.
// Thread safety: may be called from any thread and from a signal handler.
const IrqdLibrary* LoadedIrqd();

// What open("/dev/kvm", flags) returns: a descriptor at IRQD_TARGET, or -1 and errno.
//
// EEXIST, ENOTDIR   flags ask for a new file, or a directory
// ENODEV            IRQD_TARGET is not set or libirqd_kvm.so cannot be loaded: what the kernel says
//                   of the device's number while KVM is not loaded. Standard error tells which,
//                   once
// EINVAL            IRQD_TARGET or IRQD_HOST_PROFILE cannot be parsed; told likewise
// and those of irqd_open.
//
// Thread safety: may be called from any thread.
int OpenDevKvm(int flags);

// Set while this thread is inside libirqd_kvm.so: what that opens and closes is not the program's.
class InsideIrqd {
 public:
  InsideIrqd() { ++depth_; }
  ~InsideIrqd() { --depth_; }
  static bool is_now() { return depth_ > 0; }

 private:
  friend class OutsideIrqd;
  static __thread int depth_;  // of a plain type: it needs no constructor to be found
};

// The opposite, for the time of a call back to the program.
class OutsideIrqd {
 public:
  OutsideIrqd() : depth_(InsideIrqd::depth_) { InsideIrqd::depth_ = 0; }
  ~OutsideIrqd() { InsideIrqd::depth_ = depth_; }

 private:
  const int depth_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_PRELOAD_IRQD_LIBRARY_H_
