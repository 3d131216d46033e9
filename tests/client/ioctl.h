// irqd_kvm.h for tests: results are 0 or more, or -errno.
#ifndef IRQD_TESTS_CLIENT_IOCTL_H_
#define IRQD_TESTS_CLIENT_IOCTL_H_

#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <vector>

#include "client/irqd_kvm.h"
#include "core/kvm_s390.h"

namespace irqd {

inline int OrErrno(int result) { return result >= 0 ? result : -errno; }

inline int Ioctl(int fd, unsigned long request, uint64_t argument = 0) {
  return OrErrno(irqd_ioctl(fd, request, argument));
}
template <typename T>
int Ioctl(int fd, unsigned long request, T* argument) {
  return Ioctl(fd, request, reinterpret_cast<uintptr_t>(argument));
}

inline kvm_s390_irq MakeIrq(uint64_t type, uint16_t code = 0) {
  kvm_s390_irq irq = {};
  irq.type = type;
  irq.u.emerg.code = code;
  return irq;
}

inline int Inject(int vcpu, uint64_t type, uint16_t code = 0) {
  kvm_s390_irq irq = MakeIrq(type, code);
  return Ioctl(vcpu, KVM_S390_IRQ, &irq);
}

// The two ioctls with any address and length.
inline int StateIoctl(int vcpu, unsigned long request, const void* buf, uint32_t len) {
  kvm_s390_irq_state state = {};
  state.buf = reinterpret_cast<uintptr_t>(buf);
  state.len = len;
  return Ioctl(vcpu, request, &state);
}
inline int Get(int vcpu, void* buf, uint32_t len) {
  return StateIoctl(vcpu, KVM_S390_GET_IRQ_STATE, buf, len);
}
inline int Set(int vcpu, const void* buf, uint32_t len) {
  return StateIoctl(vcpu, KVM_S390_SET_IRQ_STATE, buf, len);
}

}  // namespace irqd

#endif  // IRQD_TESTS_CLIENT_IOCTL_H_
