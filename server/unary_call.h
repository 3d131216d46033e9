// All unary calls of one method.
//
// A call is a place that is used again and again: it is armed, so that gRPC may put a request into
// it; answers the request in the thread that polls the queue; and when the answer is out, is armed
// anew. Request and response keep their memory, unless it is much.
//
// A method begins with one call, and doubles them whenever the last armed one is taken, up to a
// bound; requests beyond that wait inside gRPC. Not all are armed from the start, because Debian's
// gRPC, built with its assertions, looks for each finished operation among all that are outstanding
// on the queue: every call would pay for the armed calls of methods that nobody uses.
//
// Everything happens in the thread that polls the queue, but for the constructor.
#ifndef IRQD_SERVER_UNARY_CALL_H_
#define IRQD_SERVER_UNARY_CALL_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <deque>
#include <memory>
#include <optional>

#include "server/call_tag.h"

namespace irqd {

// What the server keeps of a method.
class Method {
 public:
  virtual ~Method() = default;
};

template <typename Service, typename Handlers, typename Request, typename Response>
class UnaryMethod final : public Method {
 public:
  using Writer = grpc::ServerAsyncResponseWriter<Response>;
  // Service::RequestNAME and Handlers::NAME.
  using Arm = void (Service::*)(grpc::ServerContext*, Request*, Writer*, grpc::CompletionQueue*,
                                grpc::ServerCompletionQueue*, void*);
  using Handle = grpc::Status (Handlers::*)(const Request&, Response*);

  // At most `most` calls. Memory of messages up to `kept` bytes is kept.
  UnaryMethod(Service* service, Arm arm, Handlers* handlers, Handle handle, size_t most,
              size_t kept, grpc::ServerCompletionQueue* queue)
      : service_(*service),
        arm_(arm),
        handlers_(*handlers),
        handle_(handle),
        most_(most),
        kept_(kept),
        queue_(queue) {
    Add(1);
  }

 private:
  class Call final : public CallTag {
   public:
    explicit Call(UnaryMethod* method) : method_(*method) { AwaitRequest(); }

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
      ++method_.armed_;
      Service& service = method_.service_;
      const Arm arm = method_.arm_;
      (service.*arm)(&*context_, &request_, &*writer_, method_.queue_, method_.queue_, this);
    }

    void Answer() {
      answering_ = true;
      method_.Took();
      response_.Clear();
      Handlers& handlers = method_.handlers_;
      const Handle handle = method_.handle_;
      const grpc::Status status = (handlers.*handle)(request_, &response_);
      const size_t kept = method_.kept_;
      if (request_.ByteSizeLong() > kept) Request().Swap(&request_);
      if (status.ok()) {
        writer_->Finish(response_, status, this);
        // It is serialized by now, and its size known.
        if (static_cast<size_t>(response_.GetCachedSize()) > kept) Response().Swap(&response_);
      } else {
        writer_->FinishWithError(status, this);
      }
    }

    UnaryMethod& method_;
    std::optional<grpc::ServerContext> context_;
    std::optional<Writer> writer_;
    Request request_;
    Response response_;
    bool answering_ = false;
  };

  void Took() {
    if (--armed_ == 0) Add(std::min(calls_.size(), most_ - calls_.size()));
  }

  void Add(size_t count) {
    for (size_t i = 0; i < count; ++i) calls_.emplace_back(this);
  }

  Service& service_;
  const Arm arm_;
  Handlers& handlers_;
  const Handle handle_;
  const size_t most_;
  const size_t kept_;
  grpc::ServerCompletionQueue* const queue_;
  size_t armed_ = 0;
  std::deque<Call> calls_;  // which stay where they are
};

template <typename Service, typename Handlers, typename Request, typename Response>
std::unique_ptr<Method> MakeUnaryMethod(
    Service* service, typename UnaryMethod<Service, Handlers, Request, Response>::Arm arm,
    Handlers* handlers, grpc::Status (Handlers::*handle)(const Request&, Response*), size_t most,
    size_t kept, grpc::ServerCompletionQueue* queue) {
  return std::make_unique<UnaryMethod<Service, Handlers, Request, Response>>(
      service, arm, handlers, handle, most, kept, queue);
}

}  // namespace irqd

#endif  // IRQD_SERVER_UNARY_CALL_H_
