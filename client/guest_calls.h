// What irqd_kvm_guest.h's functions do once they know their descriptor.
//
// All results are 0 or more, or -errno, as that header lists them; addresses are the program's.
// Thread safety: all functions may be called from any thread.
#ifndef IRQD_CLIENT_GUEST_CALLS_H_
#define IRQD_CLIENT_GUEST_CALLS_H_

#include <cstdint>

#include "client/kvm_descriptors.h"

namespace irqd {

int GetRegister(const VcpuDescriptor& vcpu, int which, uint64_t address);
int SetRegister(const VcpuDescriptor& vcpu, int which, uint64_t value);
int GetRegister(const VmDescriptor& vm, int which, uint64_t address);
int SetRegister(const VmDescriptor& vm, int which, uint64_t value);

int DeliverTo(const VcpuDescriptor& vcpu, uint64_t list, uint32_t max);
int HasIrq(const VcpuDescriptor& vcpu, bool exclude_stop);
int StopIntercept(const VcpuDescriptor& vcpu);
// `status`: 0 for none.
int Sigp(const VcpuDescriptor& from, uint32_t to, unsigned int order, uint32_t parameter,
         uint64_t status);

}  // namespace irqd

#endif  // IRQD_CLIENT_GUEST_CALLS_H_
