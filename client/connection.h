// A connection to an irqd, or to the simulation inside this process.
//
// This is the one interface that clients of irqd stand on: the C interface (irqd_kvm.h), the
// C++ classes (kvm.h) and irqctl. It is small and abstract, so that a test can replace it.
//
// Results. What the simulated kernel answers is data: `ret` is the ioctl's return value, 0 or
// more or -errno. An absl::Status other than OK means that the call did not reach the simulated
// kernel and changed nothing; its codes and messages are those that proto/irqd/v1 documents per
// call. A call that got no answer may have been carried out:
//   UNAVAILABLE        no server, or the connection broke
//   DEADLINE_EXCEEDED  the timeout passed
//
// Thread safety: all methods may be called from any number of threads at once.
#ifndef IRQD_CLIENT_CONNECTION_H_
#define IRQD_CLIENT_CONNECTION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/inject_stream.h"
#include "core/delivery.h"
#include "core/float_irq.h"
#include "core/host_profile.h"
#include "core/kvm_s390.h"
#include "core/local_irq.h"
#include "core/registers_update.h"
#include "core/sigp.h"
#include "core/vm_info.h"

namespace irqd {

struct CallOptions {
  // Counts from the start of the call.
  absl::Duration timeout = absl::Seconds(10);
};

// A vCPU as calls name it.
struct VcpuAddress {
  uint64_t vm_id = 0;
  uint32_t vcpu_id = 0;
};

struct GetIrqStateReply {
  int32_t ret = 0;
  std::string buf;  // what the kernel wrote: big-endian images, kIrqSize bytes each
};

// An entry for each vCPU.
struct GetIrqStatesReply {
  std::vector<uint32_t> vcpu_ids;
  std::vector<int32_t> ret;
  std::vector<uint32_t> size;  // bytes of buf
  std::string buf;             // what the kernel wrote, back to back
};

struct GetDeviceAttrReply {
  int32_t ret = 0;
  std::string memory;  // what the kernel wrote, big-endian
};

class Connection {
 public:
  virtual ~Connection() = default;

  // VMs and vCPUs: the calls of irqd.v1.Vms.
  virtual absl::StatusOr<VmInfo> CreateVm(const VmSpec& spec, const CallOptions& options) = 0;
  virtual absl::StatusOr<VmInfo> GetVm(uint64_t id, const CallOptions& options) = 0;
  virtual absl::StatusOr<VmInfo> FindVm(absl::string_view name, const CallOptions& options) = 0;
  // All of them, by ascending id, however many pages that takes.
  virtual absl::StatusOr<std::vector<VmInfo>> ListVms(const CallOptions& options) = 0;
  virtual absl::Status DeleteVm(uint64_t id, const CallOptions& options) = 0;
  // KVM_CREATE_VCPU: its ret.
  virtual absl::StatusOr<int32_t> CreateVcpu(const VcpuAddress& vcpu,
                                             const CallOptions& options) = 0;
  virtual absl::StatusOr<std::vector<VcpuInfo>> ListVcpus(uint64_t vm_id,
                                                          const CallOptions& options) = 0;

  // The ioctls: the calls of irqd.v1.Kvm. Each returns the ioctl's ret.
  virtual absl::StatusOr<GetIrqStateReply> GetIrqState(const VcpuAddress& vcpu, uint32_t len,
                                                       const CallOptions& options) = 0;
  // `buf`: what lies in memory at the argument's address, `len` bytes or more where the kernel
  // would read it.
  virtual absl::StatusOr<int32_t> SetIrqState(const VcpuAddress& vcpu, uint32_t len,
                                              absl::string_view buf,
                                              const CallOptions& options) = 0;
  // `record`: one big-endian image, kIrqSize bytes.
  virtual absl::StatusOr<int32_t> S390Irq(const VcpuAddress& vcpu, absl::string_view record,
                                          const CallOptions& options) = 0;
  virtual absl::StatusOr<int32_t> S390Interrupt(const VcpuAddress& vcpu,
                                                const kvm_s390_interrupt& interrupt,
                                                const CallOptions& options) = 0;
  virtual absl::StatusOr<int32_t> Reset(const VcpuAddress& vcpu, ResetKind kind,
                                        const CallOptions& options) = 0;
  virtual absl::StatusOr<int32_t> SetMpState(const VcpuAddress& vcpu, uint32_t mp_state,
                                             const CallOptions& options) = 0;
  virtual absl::StatusOr<int32_t> GetMpState(const VcpuAddress& vcpu,
                                             const CallOptions& options) = 0;
  // Many of them at once: the calls of irqd.v1.Batch, irqd's own.
  // On these vCPUs of the VM; none: on all of it, ascending.
  virtual absl::StatusOr<GetIrqStatesReply> GetIrqStates(uint64_t vm_id,
                                                         absl::Span<const uint32_t> vcpu_ids,
                                                         uint32_t len,
                                                         const CallOptions& options) = 0;
  // The same, of all these vCPUs at one instant.
  virtual absl::StatusOr<GetIrqStatesReply> GetIrqStatesAtOneInstant(
      uint64_t vm_id, absl::Span<const uint32_t> vcpu_ids, uint32_t len,
      const CallOptions& options) = 0;
  // `buf`: the next `len[i]` bytes are for vCPU `vcpu_ids[i]`. The ret of each.
  virtual absl::StatusOr<std::vector<int32_t>> SetIrqStates(uint64_t vm_id,
                                                            absl::Span<const uint32_t> vcpu_ids,
                                                            absl::Span<const uint32_t> len,
                                                            absl::string_view buf,
                                                            const CallOptions& options) = 0;
  // KVM_S390_IRQ of many records. The timeout is the whole stream's, which lives no longer than
  // this. It may be absl::InfiniteDuration().
  virtual std::unique_ptr<InjectStream> OpenInjectStream(const CallOptions& options) = 0;

  // The ioctls on a VM and its floating interrupt controller: the calls of irqd.v1.Flic.
  // KVM_S390_INTERRUPT on the VM.
  virtual absl::StatusOr<FloatReply> S390InterruptVm(uint64_t vm_id,
                                                     const kvm_s390_interrupt& interrupt,
                                                     const CallOptions& options) = 0;
  // `memory`: what lies at the attribute's address, at most kMaxDeviceAttrMemory bytes, big-endian;
  // beyond it the kernel finds none.
  virtual absl::StatusOr<FloatReply> SetDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                                   absl::string_view memory,
                                                   const CallOptions& options) = 0;
  virtual absl::StatusOr<GetDeviceAttrReply> GetDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                                           const CallOptions& options) = 0;
  virtual absl::StatusOr<int32_t> HasDeviceAttr(uint64_t vm_id, const DeviceAttr& attr,
                                                const CallOptions& options) = 0;
  virtual absl::StatusOr<int32_t> CreateDevice(uint64_t vm_id, uint32_t type, uint32_t flags,
                                               const CallOptions& options) = 0;
  virtual absl::StatusOr<int32_t> EnableCap(uint64_t vm_id, uint32_t cap, uint32_t flags,
                                            const CallOptions& options) = 0;

  // What a guest does: the calls of irqd.v1.Guest, irqd's own.
  virtual absl::StatusOr<VcpuRegisters> GetVcpuRegisters(const VcpuAddress& vcpu,
                                                         const CallOptions& options) = 0;
  virtual absl::Status SetVcpuRegisters(const VcpuAddress& vcpu, const VcpuRegistersUpdate& update,
                                        const CallOptions& options) = 0;
  virtual absl::StatusOr<VmRegisters> GetVmRegisters(uint64_t vm_id,
                                                     const CallOptions& options) = 0;
  virtual absl::Status SetVmRegisters(uint64_t vm_id, const VmRegistersUpdate& update,
                                      const CallOptions& options) = 0;
  // At most `max` interrupts; 0 and all above kMaxDeliveredIrqs mean kMaxDeliveredIrqs.
  virtual absl::StatusOr<DeliverResult> Deliver(const VcpuAddress& vcpu, uint32_t max,
                                                const CallOptions& options) = 0;
  virtual absl::StatusOr<Deliverable> GetDeliverable(const VcpuAddress& vcpu,
                                                     const CallOptions& options) = 0;
  virtual absl::StatusOr<int32_t> StopIntercept(const VcpuAddress& vcpu,
                                                const CallOptions& options) = 0;
  // vCPU `from`, which exists, gives vCPU `to` of the same VM an order.
  virtual absl::StatusOr<SigpResult> Sigp(const VcpuAddress& from, uint32_t to, uint8_t order_code,
                                          uint32_t parameter, const CallOptions& options) = 0;

  // On /dev/kvm of such a host; irqd answers the same on a VM of it.
  virtual absl::StatusOr<int32_t> CheckExtension(const HostProfile& profile, uint64_t extension,
                                                 const CallOptions& options) = 0;

  // What the server says of itself (grpc.health.v1): false from one that is about to stop.
  virtual absl::StatusOr<bool> IsServing(const CallOptions& options) = 0;
};

// `target`: "host:port", "unix:PATH" or any other gRPC name for a server; "inproc:" for a
// simulation of its own inside this process, which is gone with the connection.
//   INVALID_ARGUMENT  target is empty or too long
// A server need not be there yet: the first call finds out.
absl::StatusOr<std::shared_ptr<Connection>> Connect(absl::string_view target);

}  // namespace irqd

#endif  // IRQD_CLIENT_CONNECTION_H_
