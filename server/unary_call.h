// A place for one unary call of one method, used again and again.
//
// It is armed, so that gRPC may put a request into it; answers the request in the thread that
// polls the queue; and when the answer is out, is armed anew. Request and response keep their
// memory, unless it is much.
#ifndef IRQD_SERVER_UNARY_CALL_H_
#define IRQD_SERVER_UNARY_CALL_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>

#include "server/call_tag.h"

namespace irqd {

template <typename Service, typename Handlers, typename Request, typename Response>
class UnaryCall final : public CallTag {
 public:
  using Writer = grpc::ServerAsyncResponseWriter<Response>;
  // Service::RequestNAME and Handlers::NAME.
  using Arm = void (Service::*)(grpc::ServerContext*, Request*, Writer*, grpc::CompletionQueue*,
                                grpc::ServerCompletionQueue*, void*);
  using Handle = grpc::Status (Handlers::*)(const Request&, Response*);

  // Memory of messages up to `kept` bytes is kept.
  UnaryCall(Service* service, Arm arm, Handlers* handlers, Handle handle, size_t kept,
            grpc::ServerCompletionQueue* queue)
      : service_(*service),
        arm_(arm),
        handlers_(*handlers),
        handle_(handle),
        kept_(kept),
        queue_(queue) {
    AwaitRequest();
  }

  void Proceed(bool ok) override {
    if (!answering_) {
      if (ok) Answer();
    } else {
      AwaitRequest();
    }
  }

 private:
  void AwaitRequest() {
    answering_ = false;
    writer_.reset();
    context_.emplace();
    writer_.emplace(&*context_);
    (service_.*arm_)(&*context_, &request_, &*writer_, queue_, queue_, this);
  }

  void Answer() {
    answering_ = true;
    response_.Clear();
    const grpc::Status status = (handlers_.*handle_)(request_, &response_);
    if (request_.ByteSizeLong() > kept_) Request().Swap(&request_);
    if (status.ok()) {
      writer_->Finish(response_, status, this);
      // It is serialized by now, and its size known.
      if (static_cast<size_t>(response_.GetCachedSize()) > kept_) Response().Swap(&response_);
    } else {
      writer_->FinishWithError(status, this);
    }
  }

  Service& service_;
  const Arm arm_;
  Handlers& handlers_;
  const Handle handle_;
  const size_t kept_;
  grpc::ServerCompletionQueue* const queue_;
  std::optional<grpc::ServerContext> context_;
  std::optional<Writer> writer_;
  Request request_;
  Response response_;
  bool answering_ = false;
};

template <typename Service, typename Handlers, typename Request, typename Response>
std::unique_ptr<CallTag> MakeUnaryCall(
    Service* service, typename UnaryCall<Service, Handlers, Request, Response>::Arm arm,
    Handlers* handlers, grpc::Status (Handlers::*handle)(const Request&, Response*), size_t kept,
    grpc::ServerCompletionQueue* queue) {
  return std::make_unique<UnaryCall<Service, Handlers, Request, Response>>(service, arm, handlers,
                                                                           handle, kept, queue);
}

}  // namespace irqd

#endif  // IRQD_SERVER_UNARY_CALL_H_
