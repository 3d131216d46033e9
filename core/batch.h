// Many calls of one kind on the vCPUs of a VM: irqd's own, each element as the single call.
//
// The elements run in the order given, each in one atomic step of its own; other threads' calls may
// come in between. None stops those after it.
//
// Thread safety: as the single calls (vcpu.h). The VM is kept from being freed by the caller.
#ifndef IRQD_CORE_BATCH_H_
#define IRQD_CORE_BATCH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "core/vm.h"

namespace irqd {

// Why a batch is none, by the name of the protocol's field.
struct BatchFault {
  std::string field;
  std::string description;
};

// What can be said before anybody looks for a VM; nothing if all is well. Checked in the order in
// which proto/irqd/v1/batch.proto lists it. Sizes are in bytes, the others are counts.
absl::optional<BatchFault> CheckGetBatch(size_t vcpu_ids);
absl::optional<BatchFault> CheckSetBatch(size_t vcpu_ids, absl::Span<const uint32_t> len,
                                         size_t buf_size);
absl::optional<BatchFault> CheckInjectBatch(size_t vcpu_ids, size_t records_size);

// Puts the vCPUs of these ids into `*vcpus`, in order. Returns the first id that the VM does not
// have, if there is one.
absl::optional<uint32_t> FindEach(Vm& vm, absl::Span<const uint32_t> ids,
                                  std::vector<Vcpu*>* vcpus);

// KVM_S390_GET_IRQ_STATE with `len` on each: its result, and how much it added to `*images`. `ret`
// and `size` have an entry for each vCPU.
void GetEach(absl::Span<Vcpu* const> vcpus, uint32_t len, absl::Span<int32_t> ret,
             absl::Span<uint32_t> size, std::string* images);

// What each vCPU said.
struct GetBatchResult {
  std::vector<uint32_t> vcpu_ids;
  std::vector<int32_t> ret;
  std::vector<uint32_t> size;
  std::string images;
};

// The same at one instant (Vm::Snapshot): of `ids`, which the VM has, or, if there are none, of all
// vCPUs that it has at that instant.
GetBatchResult GetEachAtOneInstant(Vm& vm, absl::Span<const uint32_t> ids, uint32_t len);

// KVM_S390_SET_IRQ_STATE on each, of the next `len[i]` bytes of `images`, which holds them all.
void SetEach(absl::Span<Vcpu* const> vcpus, absl::Span<const uint32_t> len,
             absl::Span<const uint8_t> images, absl::Span<int32_t> ret);

// KVM_S390_IRQ of each of the kIrqSize-byte images: the nth on the nth vCPU, or all on the only
// one. `ret` has an entry for each.
void InjectEach(absl::Span<Vcpu* const> vcpus, absl::Span<const uint8_t> images,
                absl::Span<int32_t> ret);

}  // namespace irqd

#endif  // IRQD_CORE_BATCH_H_
