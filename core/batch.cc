#include "core/batch.h"

#include <numeric>

#include "absl/strings/str_cat.h"
#include "core/irq_copy.h"
#include "core/kvm_s390.h"
#include "core/limits.h"

namespace irqd {
namespace {

BatchFault TooMany(absl::string_view field, size_t count, size_t limit) {
  return {std::string(field), absl::StrCat("has ", count, " entries; the limit is ", limit)};
}

}  // namespace

absl::optional<BatchFault> CheckGetBatch(size_t vcpu_ids) {
  if (vcpu_ids > kMaxBatchVcpus) return TooMany("vcpu_ids", vcpu_ids, kMaxBatchVcpus);
  return absl::nullopt;
}

absl::optional<BatchFault> CheckSetBatch(size_t vcpu_ids, absl::Span<const uint32_t> len,
                                         size_t buf_size) {
  if (vcpu_ids > kMaxBatchVcpus) return TooMany("vcpu_ids", vcpu_ids, kMaxBatchVcpus);
  if (len.size() != vcpu_ids) {
    return BatchFault{"len",
                      absl::StrCat("has ", len.size(), " entries, but vcpu_ids has ", vcpu_ids)};
  }
  for (size_t i = 0; i < len.size(); ++i) {
    if (len[i] > kMaxIrqStateBuf) {
      return BatchFault{absl::StrCat("len[", i, "]"),
                        absl::StrCat("is ", len[i], " bytes; the limit is ", kMaxIrqStateBuf)};
    }
  }
  const size_t total = std::accumulate(len.begin(), len.end(), size_t{0});
  if (buf_size != total) {
    return BatchFault{
        "buf", absl::StrCat("is ", buf_size, " bytes long, but all len together are ", total)};
  }
  return absl::nullopt;
}

absl::optional<BatchFault> CheckInjectBatch(size_t vcpu_ids, size_t records_size) {
  if (records_size % kIrqSize != 0) {
    return BatchFault{"records",
                      absl::StrCat("is ", records_size, " bytes long, no multiple of ", kIrqSize)};
  }
  const size_t records = records_size / kIrqSize;
  if (records > kMaxStreamRecords) {
    return BatchFault{
        "records", absl::StrCat("holds ", records, " records; the limit is ", kMaxStreamRecords)};
  }
  if (vcpu_ids != records && vcpu_ids != 1) {
    return BatchFault{"vcpu_ids", absl::StrCat("has ", vcpu_ids, " entries for ", records,
                                               " records; give one for each, or one for all")};
  }
  return absl::nullopt;
}

absl::optional<uint32_t> FindEach(Vm& vm, absl::Span<const uint32_t> ids,
                                  std::vector<Vcpu*>* vcpus) {
  vcpus->resize(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    (*vcpus)[i] = vm.FindVcpu(ids[i]);
    if ((*vcpus)[i] == nullptr) return ids[i];
  }
  return absl::nullopt;
}

void GetEach(absl::Span<Vcpu* const> vcpus, uint32_t len, absl::Span<int32_t> ret,
             absl::Span<uint32_t> size, std::string* images) {
  for (size_t i = 0; i < vcpus.size(); ++i) {
    const size_t start = images->size();
    ret[i] = static_cast<int32_t>(vcpus[i]->AppendIrqState(len, images));
    size[i] = static_cast<uint32_t>(images->size() - start);
  }
}

GetBatchResult GetEachAtOneInstant(Vm& vm, absl::Span<const uint32_t> ids, uint32_t len) {
  GetBatchResult result;
  result.vcpu_ids.assign(ids.begin(), ids.end());
  std::vector<LocalState> states(kMaxVcpuIds);
  vm.Snapshot([&](uint32_t id, const LocalState& state) {
    states[id] = state;
    if (ids.empty()) result.vcpu_ids.push_back(id);
  });
  for (const uint32_t id : result.vcpu_ids) {
    const size_t start = result.images.size();
    result.ret.push_back(
        static_cast<int32_t>(AppendIrqState(states[id], vm.profile(), len, &result.images)));
    result.size.push_back(static_cast<uint32_t>(result.images.size() - start));
  }
  return result;
}

void SetEach(absl::Span<Vcpu* const> vcpus, absl::Span<const uint32_t> len,
             absl::Span<const uint8_t> images, absl::Span<int32_t> ret) {
  for (size_t i = 0; i < vcpus.size(); ++i) {
    ret[i] = vcpus[i]->SetIrqState(len[i], images.first(len[i]));
    images.remove_prefix(len[i]);
  }
}

void InjectEach(absl::Span<Vcpu* const> vcpus, absl::Span<const uint8_t> images,
                absl::Span<int32_t> ret) {
  const size_t step = vcpus.size() == 1 ? 0 : 1;
  kvm_s390_irq irq = {};
  for (size_t i = 0; i < ret.size(); ++i) {
    DecodeMember(images.data() + i * kIrqSize, &irq);
    ret[i] = vcpus[i * step]->S390Irq(irq);
  }
}

}  // namespace irqd
