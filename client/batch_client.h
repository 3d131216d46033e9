// A VM's vCPUs many at a time, as a C++ class: irqd's own calls, each element as the single ioctl.
//
//   // Moves all local interrupts of a VM to another, on another server if need be.
//   absl::StatusOr<std::vector<VcpuIrqState>> states = vm.Batch().GetIrqStates();
//   if (states.ok()) other_vm.Batch().SetIrqStates(*states);
//
// Errors, handles, byte order and thread safety are those of kvm.h. One vCPU's errno does not stop
// the others; a status other than OK means that none was reached. Besides:
//   INTERNAL  the answer is not what the kernel could have written
#ifndef IRQD_CLIENT_BATCH_CLIENT_H_
#define IRQD_CLIENT_BATCH_CLIENT_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "client/connection.h"
#include "client/inject_stream.h"
#include "core/kvm_s390.h"

namespace irqd {

// What KVM_S390_GET_IRQ_STATE answered.
struct IrqState {
  int ret = 0;                     // the size of all records in bytes, or -EINVAL, -ENOBUFS
  std::vector<kvm_s390_irq> irqs;  // with -ENOBUFS those that fitted
};

struct VcpuIrqState {
  uint32_t vcpu_id = 0;
  IrqState state;
};

// A record and whom it is for.
struct VcpuIrq {
  uint32_t vcpu_id = 0;
  kvm_s390_irq irq = {};
};

// InjectStream on one VM, with records as the kernel has them. Its Connection outlives it.
class IrqStream {
 public:
  IrqStream(std::shared_ptr<Connection> connection, uint64_t vm_id, const CallOptions& options);

  // At most kMaxStreamRecords of them.
  bool Write(absl::Span<const VcpuIrq> irqs);
  void WritesDone() { stream_->WritesDone(); }
  bool Read(std::vector<int32_t>* ret) { return stream_->Read(ret); }
  absl::Status Finish() { return stream_->Finish(); }

 private:
  const std::shared_ptr<Connection> connection_;
  const uint64_t vm_id_;
  const std::unique_ptr<InjectStream> stream_;
};

class BatchClient {
 public:
  BatchClient(std::shared_ptr<Connection> connection, uint64_t vm_id,
              const CallOptions& options = CallOptions());

  uint64_t vm_id() const { return vm_id_; }
  // The same VM, called with other options.
  BatchClient WithOptions(const CallOptions& options) const;

  // Of these vCPUs, in order; none: of all, ascending. Each with room for `len` bytes; all that can
  // be pending fits by default.
  absl::StatusOr<std::vector<VcpuIrqState>> GetIrqStates(absl::Span<const uint32_t> vcpu_ids = {},
                                                         uint32_t len = kMaxPendingIrqs *
                                                                        kIrqSize) const;
  // The ret of each. One without records is left out, as the kernel takes no empty list; its ret is
  // 0.
  absl::StatusOr<std::vector<int>> SetIrqStates(absl::Span<const VcpuIrqState> states) const;
  // The timeout of the options is the whole stream's.
  std::unique_ptr<IrqStream> OpenStream() const;

 private:
  std::shared_ptr<Connection> connection_;
  uint64_t vm_id_;
  CallOptions options_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_BATCH_CLIENT_H_
