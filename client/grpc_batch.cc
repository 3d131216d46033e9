// Calls on many vCPUs at once, on a server.
#include <numeric>

#include "absl/strings/str_cat.h"
#include "client/grpc_call.h"
#include "client/grpc_connection.h"

namespace irqd {
namespace {

absl::Status Inconsistent(absl::string_view what) {
  return absl::InternalError(absl::StrCat("the server's answer has ", what));
}

absl::Status CheckReply(const GetIrqStatesReply& reply) {
  if (reply.ret.size() != reply.vcpu_ids.size() || reply.size.size() != reply.vcpu_ids.size()) {
    return Inconsistent("lists of different lengths");
  }
  const uint64_t total = std::accumulate(reply.size.begin(), reply.size.end(), uint64_t{0});
  if (total != reply.buf.size()) return Inconsistent("sizes that do not make up buf");
  return absl::OkStatus();
}

class GrpcInjectStream final : public InjectStream {
 public:
  GrpcInjectStream(v1::Batch::Stub* stub, const CallOptions& options) {
    context_.set_deadline(absl::ToChronoTime(absl::Now() + options.timeout));
    stream_ = stub->InjectStream(&context_);
  }

  ~GrpcInjectStream() override {
    if (stream_ == nullptr) return;
    context_.TryCancel();
    Finish().IgnoreError();
  }

  bool Write(uint64_t vm_id, absl::Span<const uint32_t> vcpu_ids,
             absl::string_view records) override {
    request_.clear_vm();
    if (!has_vm_ || vm_id != vm_id_) request_.mutable_vm()->set_id(vm_id);
    has_vm_ = true;
    vm_id_ = vm_id;
    request_.mutable_vcpu_ids()->Clear();
    request_.mutable_vcpu_ids()->Add(vcpu_ids.begin(), vcpu_ids.end());
    request_.set_records(records.data(), records.size());
    return stream_->Write(request_);
  }

  void WritesDone() override {
    if (!writes_done_) stream_->WritesDone();
    writes_done_ = true;
  }

  bool Read(std::vector<int32_t>* ret) override {
    if (!stream_->Read(&response_)) return false;
    ret->assign(response_.ret().begin(), response_.ret().end());
    return true;
  }

  absl::Status Finish() override {
    WritesDone();
    // The status comes behind the last answer.
    while (stream_->Read(&response_)) {
    }
    const grpc::Status status = stream_->Finish();
    stream_.reset();
    return ToStatus(status);
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::InjectStreamRequest, v1::InjectStreamResponse>>
      stream_;
  // The writer's.
  v1::InjectStreamRequest request_;
  bool has_vm_ = false;
  uint64_t vm_id_ = 0;
  bool writes_done_ = false;
  // The reader's.
  v1::InjectStreamResponse response_;
};

}  // namespace

absl::StatusOr<GetIrqStatesReply> GrpcConnection::GetIrqStates(uint64_t vm_id,
                                                               absl::Span<const uint32_t> vcpu_ids,
                                                               uint32_t len,
                                                               const CallOptions& options) {
  auto request = MakeRequest<v1::GetIrqStatesRequest>(vm_id);
  request.mutable_vcpu_ids()->Add(vcpu_ids.begin(), vcpu_ids.end());
  request.set_len(len);
  auto response =
      Call<v1::GetIrqStatesResponse>(options, &v1::Batch::Stub::GetIrqStates, *batch_, request);
  if (!response.ok()) return response.status();
  GetIrqStatesReply reply;
  reply.vcpu_ids.assign(response->vcpu_ids().begin(), response->vcpu_ids().end());
  reply.ret.assign(response->ret().begin(), response->ret().end());
  reply.size.assign(response->size().begin(), response->size().end());
  reply.buf = std::move(*response->mutable_buf());
  const absl::Status consistent = CheckReply(reply);
  if (!consistent.ok()) return consistent;
  return reply;
}

absl::StatusOr<std::vector<int32_t>> GrpcConnection::SetIrqStates(
    uint64_t vm_id, absl::Span<const uint32_t> vcpu_ids, absl::Span<const uint32_t> len,
    absl::string_view buf, const CallOptions& options) {
  auto request = MakeRequest<v1::SetIrqStatesRequest>(vm_id);
  request.mutable_vcpu_ids()->Add(vcpu_ids.begin(), vcpu_ids.end());
  request.mutable_len()->Add(len.begin(), len.end());
  request.set_buf(buf.data(), buf.size());
  const auto response =
      Call<v1::SetIrqStatesResponse>(options, &v1::Batch::Stub::SetIrqStates, *batch_, request);
  if (!response.ok()) return response.status();
  if (response->ret_size() != request.vcpu_ids_size()) {
    return Inconsistent(
        absl::StrCat(response->ret_size(), " results for ", request.vcpu_ids_size(), " vCPUs"));
  }
  return std::vector<int32_t>(response->ret().begin(), response->ret().end());
}

std::unique_ptr<InjectStream> GrpcConnection::OpenInjectStream(const CallOptions& options) {
  return std::make_unique<GrpcInjectStream>(batch_.get(), options);
}

}  // namespace irqd
