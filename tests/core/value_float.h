// A VM's floating interrupts that are only a value: the rules without Vm around them.
#ifndef IRQD_TESTS_CORE_VALUE_FLOAT_H_
#define IRQD_TESTS_CORE_VALUE_FLOAT_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "core/float_irq.h"
#include "tests/core/irq_samples.h"

namespace irqd {

inline kvm_s390_irq Service(uint32_t parm) {
  kvm_s390_irq irq = Irq(KVM_S390_INT_SERVICE);
  irq.u.ext.ext_params = parm;
  return irq;
}
inline kvm_s390_irq PfaultDone(uint64_t token) {
  kvm_s390_irq irq = Irq(KVM_S390_INT_PFAULT_DONE);
  irq.u.ext.ext_params2 = token;
  return irq;
}
inline kvm_s390_irq Virtio(uint32_t parm, uint64_t parm64) {
  kvm_s390_irq irq = Irq(KVM_S390_INT_VIRTIO);
  irq.u.ext.ext_params = parm;
  irq.u.ext.ext_params2 = parm64;
  return irq;
}
inline kvm_s390_irq FloatMchk(uint64_t cr14, uint64_t mcic) {
  kvm_s390_irq irq = Irq(KVM_S390_MCHK);
  irq.u.mchk.cr14 = cr14;
  irq.u.mchk.mcic = mcic;
  return irq;
}
// Of subchannel `nr`, on interruption subclass `isc`.
inline kvm_s390_irq Io(uint8_t isc, uint16_t nr, uint64_t type = 0) {
  kvm_s390_irq irq = Irq(type);
  irq.u.io = {1, nr, 0xabcd0000u | nr, uint32_t{isc} << 27};
  return irq;
}
// As the kernel lists an interrupt of an adapter.
inline kvm_s390_irq AdapterIo(uint8_t isc) {
  kvm_s390_irq irq = Irq(kIntIoAdapter);
  irq.u.io.io_int_word = uint32_t{isc} << 27 | 0x80000000;
  return irq;
}

struct ValueFloat {
  int Set(FlicGroup group, uint64_t attr, const std::string& memory, uint32_t flags = 0) {
    return SetDeviceAttr(
        {flags, static_cast<uint32_t>(group), attr},
        {reinterpret_cast<const uint8_t*>(memory.data()), memory.size()}, profile,
        [this](uint64_t type) { wakes.push_back(type); }, &state);
  }
  int Enqueue(const std::vector<kvm_s390_irq>& irqs) {
    return Set(FlicGroup::kEnqueue, irqs.size() * kIrqSize, Images(irqs));
  }
  int Interrupt(uint32_t type, uint32_t parm, uint64_t parm64) {
    return InjectFloat(
        {type, parm, parm64}, profile, [this](uint64_t woken) { wakes.push_back(woken); }, &state);
  }
  int64_t GetAll(uint64_t len) {
    return GetDeviceAttr({0, static_cast<uint32_t>(FlicGroup::kGetAllIrqs), len}, &state, &images);
  }
  // What GET_ALL_IRQS lists, a line per record.
  std::string Listed() {
    const int64_t count = GetAll(kFlicMaxBuffer);
    return count * static_cast<int64_t>(kIrqSize) == static_cast<int64_t>(images.size())
               ? HexRecords(images)
               : "a wrong count";
  }

  HostProfile profile = DefaultHostProfile();
  FloatState state;
  std::vector<uint64_t> wakes;  // types, in order
  std::string images;
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_VALUE_FLOAT_H_
