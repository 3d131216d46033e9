// A VM's floating interrupt controller (FLIC) as a C++ class: a method for each of its attributes.
//
//   const FlicClient flic = vm.Flic();
//   absl::StatusOr<FloatingIrqs> pending = flic.GetAllIrqs();
//   if (pending.ok() && pending->ret >= 0) other_vm.Flic().Enqueue(pending->irqs);
//
// Errors, handles, byte order and thread safety are those of kvm.h; core/float_irq.h lists what the
// kernel answers per attribute. A status other than OK:
//   INTERNAL  the answer is not what the kernel could have written
#ifndef IRQD_CLIENT_FLIC_CLIENT_H_
#define IRQD_CLIENT_FLIC_CLIENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "client/connection.h"
#include "core/float_irq.h"
#include "core/kvm_flic.h"
#include "core/kvm_s390.h"

namespace irqd {

// What KVM_DEV_FLIC_GET_ALL_IRQS answered.
struct FloatingIrqs {
  int ret = 0;                     // the number of records, or -EINVAL, -ENOMEM
  std::vector<kvm_s390_irq> irqs;  // none with an error
};

// struct kvm_s390_io_adapter.
struct AdapterSpec {
  uint32_t id = 0;
  uint8_t isc = 0;
  bool maskable = false;
  bool swap = false;
  bool suppressible = false;
};

// struct kvm_s390_ais_all, with what the kernel returned.
struct AisModes {
  int ret = 0;
  uint8_t single = 0;  // one interrupt only: bits 0x80 >> ISC
  uint8_t none = 0;    // and none until the mode is set anew
};

class FlicClient {
 public:
  FlicClient(std::shared_ptr<Connection> connection, uint64_t vm_id,
             const CallOptions& options = CallOptions());

  uint64_t vm_id() const { return vm_id_; }
  // The same FLIC, called with other options.
  FlicClient WithOptions(const CallOptions& options) const;

  // KVM_CREATE_DEVICE. Whoever made it, the FLIC answers without it.
  absl::StatusOr<int> Create() const;
  absl::StatusOr<int> HasGroup(uint32_t group) const;

  // With room for `len` bytes; all that can be pending fits by default. Takes out of the VM what
  // its GISA holds.
  absl::StatusOr<FloatingIrqs> GetAllIrqs(uint64_t len = kFlicMaxBuffer) const;
  // A long list goes in several calls, each with the timeout of the options; the kernel takes its
  // records one at a time too. After a status other than OK some of them may be pending.
  absl::StatusOr<FloatReply> Enqueue(absl::Span<const kvm_s390_irq> irqs) const;
  absl::StatusOr<int> ClearIrqs() const;
  // The oldest interrupt of a subchannel: subchannel_id << 16 | subchannel_nr.
  absl::StatusOr<int> ClearIoIrq(uint32_t subchannel) const;

  absl::StatusOr<int> RegisterAdapter(const AdapterSpec& adapter) const;
  absl::StatusOr<int> MaskAdapter(uint32_t id, bool masked) const;
  absl::StatusOr<FloatReply> InjectAirq(uint32_t adapter_id) const;

  // `mode`: kAisModeAll or kAisModeSingle.
  absl::StatusOr<int> SetAisMode(uint8_t isc, uint16_t mode) const;
  absl::StatusOr<AisModes> GetAisModes() const;
  absl::StatusOr<int> SetAisModes(uint8_t single, uint8_t none) const;

 private:
  absl::StatusOr<FloatReply> Set(FlicGroup group, uint64_t attr, const std::string& memory) const;
  absl::StatusOr<int> SetRet(FlicGroup group, uint64_t attr, const std::string& memory) const;

  std::shared_ptr<Connection> connection_;
  uint64_t vm_id_;
  CallOptions options_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_FLIC_CLIENT_H_
