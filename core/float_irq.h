// The kernel's rules for floating interrupts and the FLIC, as functions over a FloatState.
//
// Each is one ioctl after its structure was copied in. It changes `*state` and nothing else, and
// returns what the ioctl returns: 0 or more, or -errno, in the order of the kernel's checks. They
// may be called from any thread on values of its own.
//
// An injected interrupt wakes a vCPU. Which one depends on the vCPUs: the functions report each
// through `wake(type)`, at the moment the kernel would look for one.
//
// Source: arch/s390/kvm/interrupt.c and virt/kvm/kvm_main.c of Linux 6.1.
#ifndef IRQD_CORE_FLOAT_IRQ_H_
#define IRQD_CORE_FLOAT_IRQ_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/types/span.h"
#include "core/float_state.h"
#include "core/host_profile.h"
#include "core/kvm_s390.h"

namespace irqd {

using Wake = absl::FunctionRef<void(uint64_t type)>;

// What a call that may inject returns, and the ids of the vCPUs that it woke, in order.
struct FloatReply {
  int ret = 0;
  std::vector<uint32_t> woken;
};

// struct kvm_device_attr, without the address.
struct DeviceAttr {
  uint32_t flags = 0;
  uint32_t group = 0;  // a FlicGroup, or any other number
  uint64_t attr = 0;
};

// KVM_S390_INTERRUPT on the VM. Types: MCHK, INT_SERVICE, INT_VIRTIO, INT_PFAULT_DONE, and every
// number up to KVM_S390_INT_IO_MAX for I/O.
//   EINVAL  any other type
//   EBUSY   kMaxFloatIrqs I/O, kMaxVirtioIrqs virtio or max_pfault_done interrupts are pending
int InjectFloat(const kvm_s390_interrupt& interrupt, const HostProfile& profile, Wake wake,
                FloatState* state);

// KVM_SET_DEVICE_ATTR on the FLIC. `memory` is what lies at the attribute's address, as s390x has
// it; beyond its end there is none. By group:
//   kEnqueue          EINVAL  attr, as a signed 32-bit number, is no multiple of kIrqSize or
//                             above kFlicMaxBuffer
//                     then for each record; those before one that fails stay:
//                     EFAULT  the type cannot be read
//                     EINVAL  no floating type
//                     EFAULT  the type's member cannot be read
//                     and InjectFloat's
//   kClearIrqs, kApfEnable, kApfDisableWait   none
//   kAdapterRegister  EFAULT; EINVAL: id from kMaxIoAdapters, or registered already
//   kAdapterModify    EFAULT; EINVAL: no such adapter, masking one that is not maskable, or no
//                     such request
//   kClearIoIrq       EINVAL: flags not 0, or attr not 4; EFAULT; EINVAL: the id is 0. Nothing of
//                     that id pending is no error
//   kAism             EOPNOTSUPP: no AIS; EFAULT; EINVAL: isc above 7, or no such mode
//   kAismAll          EOPNOTSUPP: no AIS; EFAULT
//   kAirqInject       EINVAL: no adapter of id attr (its low 32 bits); and InjectFloat's. A
//                     suppressed interrupt is no error
//   any other         EINVAL
int SetDeviceAttr(const DeviceAttr& attr, absl::Span<const uint8_t> memory,
                  const HostProfile& profile, Wake wake, FloatState* state);

// KVM_GET_DEVICE_ATTR on the FLIC. `*memory` becomes what is written at the attribute's address.
//   kGetAllIrqs       EINVAL: attr is 0 or above kFlicMaxBuffer; ENOMEM: more is pending than fits.
//                     Returns the number of records. They lie in the GISA (which reading
//                     empties, also before an ENOMEM), by ISC in the queues, then pfault-done,
//                     virtio, service signal, machine check
//   kAismAll          EINVAL: attr below kAisAllSize; EOPNOTSUPP: no AIS. Returns 0
//   any other         EINVAL
int64_t GetDeviceAttr(const DeviceAttr& attr, FloatState* state, std::string* memory);

// KVM_HAS_DEVICE_ATTR on the FLIC: 0, or -ENXIO if there is no such group.
int HasDeviceAttr(const DeviceAttr& attr);

// KVM_CREATE_DEVICE on the VM.
//   ENODEV  type is not KVM_DEV_TYPE_FLIC
//   EINVAL  the VM has its FLIC already; not with KVM_CREATE_DEVICE_TEST
int CreateDevice(uint32_t type, uint32_t flags, FloatState* state);

// KVM_ENABLE_CAP on the VM.
//   EINVAL  flags is not 0
//   EBUSY   KVM_CAP_S390_AIS when the VM has vCPUs
//   EINVAL  cap is neither KVM_CAP_S390_AIS nor KVM_CAP_S390_IRQCHIP, or the profile's kernel
//           does not have it
int EnableCap(uint32_t cap, uint32_t flags, const HostProfile& profile, uint32_t vcpu_count,
              FloatState* state);

// The pending word of the VM as this kernel numbers its bits, without the GISA.
uint64_t FloatPendingWord(uint32_t pending, const HostProfile& profile);

}  // namespace irqd

#endif  // IRQD_CORE_FLOAT_IRQ_H_
