// Floating interrupts for tests, in both of their forms, and a FloatState with the calls on it.
#ifndef IRQD_TESTS_CORE_FLOAT_SAMPLES_H_
#define IRQD_TESTS_CORE_FLOAT_SAMPLES_H_

#include <string>
#include <vector>

#include "absl/types/span.h"
#include "core/float_irq.h"
#include "core/float_state.h"
#include "core/host_profile.h"
#include "core/kvm_flic.h"
#include "core/kvm_s390.h"
#include "tests/core/irq_samples.h"

namespace irqd {

// Room for every floating interrupt.
inline constexpr uint64_t kAllOfThem = kFlicMaxBuffer;
inline constexpr uint64_t kLimitedCr14 = 0x10000000;  // channel report pending

inline HostProfile Linux61() { return DefaultHostProfile(); }
inline HostProfile Linux41() {
  HostProfile profile = DefaultHostProfile();
  profile.kernel = FindKernelRules("linux-4.1");
  return profile;
}
inline HostProfile WithGisa(HostProfile profile = DefaultHostProfile()) {
  profile.gisa = true;
  return profile;
}

inline constexpr uint32_t WordOf(int isc) { return static_cast<uint32_t>(isc) << 27; }

// As a record.
inline kvm_s390_irq Io(uint32_t type, const kvm_s390_io_info& io) {
  kvm_s390_irq irq = Irq(type);
  irq.u.io = io;
  return irq;
}
inline kvm_s390_irq IoOn(int isc, uint16_t nr) { return Io(0x10000, {1, nr, 0, WordOf(isc)}); }
inline kvm_s390_irq AdapterIrq(int isc) {
  return Io(kIntIoAdapter, {0, 0, 0, WordOf(isc) | 0x80000000});
}
inline kvm_s390_irq Ext(uint64_t type, uint32_t params, uint64_t params2, uint32_t pad = 0) {
  kvm_s390_irq irq = Irq(type);
  irq.u.ext = {params, pad, params2};
  return irq;
}
inline kvm_s390_irq PfaultDone(uint64_t token) { return Ext(KVM_S390_INT_PFAULT_DONE, 0, token); }
inline kvm_s390_irq Virtio(uint32_t parm, uint64_t parm64) {
  return Ext(KVM_S390_INT_VIRTIO, parm, parm64);
}
inline kvm_s390_irq Service(uint32_t parm) { return Ext(KVM_S390_INT_SERVICE, parm, 0); }
inline kvm_s390_irq FloatMchk(uint64_t cr14, uint64_t mcic) {
  kvm_s390_irq irq = MchkOf(mcic);
  irq.u.mchk.cr14 = cr14;
  return irq;
}

// As KVM_S390_INTERRUPT on the VM takes it.
inline kvm_s390_interrupt VmIoOn(int isc, uint16_t nr) {
  return {0x10000, uint32_t{1} << 16 | nr, WordOf(isc)};
}
inline kvm_s390_interrupt VmAdapter(int isc) { return {kIntIoAdapter, 0, WordOf(isc)}; }
inline kvm_s390_interrupt VmService(uint32_t parm) { return {KVM_S390_INT_SERVICE, parm, 0}; }
inline kvm_s390_interrupt VmMchk(uint32_t cr14, uint64_t mcic) {
  return {KVM_S390_MCHK, cr14, mcic};
}

inline std::string HexOf(const std::vector<kvm_s390_irq>& irqs) { return HexRecords(Images(irqs)); }

// A VM's floating interrupts as a value: the rules without Vm around them.
struct ValueFlic {
  explicit ValueFlic(const HostProfile& p = DefaultHostProfile()) : profile(p) {}

  int Inject(const kvm_s390_interrupt& interrupt) {
    const auto wake = [this](uint64_t type) { woken.push_back(type); };
    return InjectFloat(interrupt, profile, wake, &state);
  }
  int Set(FlicGroup group, uint64_t attr, const std::string& memory, uint32_t flags = 0) {
    const auto wake = [this](uint64_t type) { woken.push_back(type); };
    return SetDeviceAttr({flags, static_cast<uint32_t>(group), attr},
                         {reinterpret_cast<const uint8_t*>(memory.data()), memory.size()}, profile,
                         wake, &state);
  }
  int Enqueue(const std::vector<kvm_s390_irq>& irqs) {
    return Set(FlicGroup::kEnqueue, irqs.size() * kIrqSize, Images(irqs));
  }
  int64_t Get(FlicGroup group, uint64_t attr) {
    return GetDeviceAttr({0, static_cast<uint32_t>(group), attr}, &state, &memory);
  }
  // What KVM_DEV_FLIC_GET_ALL_IRQS says, a line per record. Changes nothing.
  std::string Pending() const {
    FloatState copy = state;
    std::string images;
    const DeviceAttr attr = {0, static_cast<uint32_t>(FlicGroup::kGetAllIrqs), kAllOfThem};
    GetDeviceAttr(attr, &copy, &images);
    return HexRecords(images);
  }
  uint64_t Word() const { return FloatPendingWord(state.Pending(), profile); }

  HostProfile profile;
  FloatState state;
  std::vector<uint64_t> woken;  // the types that a vCPU was looked for
  std::string memory;           // what the last Get wrote
};

}  // namespace irqd

#endif  // IRQD_TESTS_CORE_FLOAT_SAMPLES_H_
