// Between the packed fields of irqd.v1.Batch and the core's spans, and what a batch that is none is
// answered with.
#ifndef IRQD_SERVER_BATCH_MESSAGES_H_
#define IRQD_SERVER_BATCH_MESSAGES_H_

#include <google/protobuf/repeated_field.h>
#include <grpcpp/support/status.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "core/batch.h"
#include "server/status.h"

namespace irqd {

inline absl::Span<const uint32_t> SpanOf(const google::protobuf::RepeatedField<uint32_t>& field) {
  return {field.data(), static_cast<size_t>(field.size())};
}

inline absl::Span<const uint8_t> SpanOf(const std::string& bytes) {
  return {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()};
}

// Makes room for `count` entries, which are zero.
template <typename T>
absl::Span<T> Resize(size_t count, google::protobuf::RepeatedField<T>* field) {
  field->Clear();
  field->Resize(static_cast<int>(count), T());
  return {field->mutable_data(), count};
}

inline grpc::Status Malformed(const BatchFault& fault) {
  return InvalidArgument(fault.field, fault.description);
}

inline grpc::Status NoVcpu(uint32_t vcpu_id, const Vm& vm) {
  return NotFound(kVcpuType, absl::StrCat(vcpu_id, " of VM ", vm.id()));
}

}  // namespace irqd

#endif  // IRQD_SERVER_BATCH_MESSAGES_H_
