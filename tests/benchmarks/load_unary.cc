#include <memory>
#include <optional>

#include "tests/benchmarks/load.h"

namespace irqd {
namespace {

struct UnaryCall {
  std::optional<grpc::ClientContext> context;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> reader;
  grpc::ByteBuffer answer;
  grpc::Status status;
  Clock::time_point sent;

  void Start(grpc::GenericStub* stub, const std::string& method, const grpc::ByteBuffer& request,
             grpc::CompletionQueue* queue) {
    reader.reset();
    context.emplace();
    sent = Clock::now();
    reader = stub->PrepareUnaryCall(&*context, method, request, queue);
    reader->StartCall();
    reader->Finish(&answer, &status, this);
  }
};

}  // namespace

void CallUnary(grpc::GenericStub* stub, const LoadSettings& settings, Figures* figures) {
  grpc::CompletionQueue queue;
  std::vector<UnaryCall> calls(static_cast<size_t>(settings.in_flight));
  size_t under_way = 0;
  for (UnaryCall& call : calls) {
    if (!figures->MaySend()) break;
    call.Start(stub, settings.method, figures->NextRequest(), &queue);
    ++under_way;
  }
  void* tag;
  bool ok;
  while (under_way > 0 && queue.Next(&tag, &ok)) {
    auto* const call = static_cast<UnaryCall*>(tag);
    if (!ok || !call->status.ok()) {
      Die(settings.method + ": " + std::to_string(call->status.error_code()) + " " +
          call->status.error_message());
    }
    figures->Answered(call->answer, call->sent);
    if (figures->MaySend()) {
      call->Start(stub, settings.method, figures->NextRequest(), &queue);
    } else {
      --under_way;
    }
  }
}

}  // namespace irqd
