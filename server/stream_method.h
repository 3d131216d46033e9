// All bidirectional streams of one method: each message is answered by one.
//
// One stream is always armed, so that gRPC may begin another; when it has begun, the next is armed,
// and when it is over, it is gone. The number of streams is bounded by gRPC's, for each connection.
//
// A stream reads one message ahead of the answer that is on its way, and no further: a client that
// does not take its answers stops being read, and HTTP/2's windows stop it from sending. Request
// and response keep their memory from message to message: what is longer than the session allows
// ends the stream.
//
// Nothing here has to watch for cancellation: a stream always waits for a read or a write, and gRPC
// fails both when the call is cancelled, its deadline passes or the connection breaks.
//
// Everything happens in the thread that polls the queue.
#ifndef IRQD_SERVER_STREAM_METHOD_H_
#define IRQD_SERVER_STREAM_METHOD_H_

#include <grpcpp/grpcpp.h>

#include <list>

#include "core/vm_registry.h"
#include "server/call_tag.h"

namespace irqd {

// `Session` is what a stream knows from one message to the next: made with the registry when the
// stream begins, it has a `grpc::Status Answer(const Request&, Response*)`. A status other than OK
// ends the stream, when the answers before it are out.
template <typename Service, typename Session, typename Request, typename Response>
class StreamMethod {
 public:
  using Stream = grpc::ServerAsyncReaderWriter<Response, Request>;
  // Service::RequestNAME.
  using Arm = void (Service::*)(grpc::ServerContext*, Stream*, grpc::CompletionQueue*,
                                grpc::ServerCompletionQueue*, void*);

  StreamMethod(Service* service, Arm arm, VmRegistry* registry, grpc::ServerCompletionQueue* queue)
      : service_(*service), arm_(arm), registry_(*registry), queue_(queue) {
    ArmNext();
  }

 private:
  class Call {
   public:
    explicit Call(StreamMethod* method)
        : method_(*method), session_(&method->registry_), stream_(&context_) {}

    void AwaitBegin(typename std::list<Call>::iterator self) {
      self_ = self;
      Service& service = method_.service_;
      const Arm arm = method_.arm_;
      (service.*arm)(&context_, &stream_, method_.queue_, method_.queue_, &begun_);
    }

   private:
    class Step final : public CallTag {
     public:
      using Then = void (Call::*)(bool ok);
      Step(Call* call, Then then) : call_(*call), then_(then) {}
      void Proceed(bool ok) override { (call_.*then_)(ok); }

     private:
      Call& call_;
      const Then then_;
    };

    void OnBegun(bool ok) {
      if (!ok) return;  // the server is shutting down
      method_.ArmNext();
      Read();
    }

    void Read() {
      reading_ = true;
      stream_.Read(&request_, &read_);
    }

    void OnRead(bool ok) {
      reading_ = false;
      if (ok && !over_) {
        unanswered_ = true;
      } else {
        over_ = true;
      }
      Advance();
    }

    void OnWritten(bool ok) {
      writing_ = false;
      if (!ok) over_ = true;
      Advance();
    }

    void Advance() {
      if (unanswered_ && !writing_ && !over_) Answer();
      if (over_ && !reading_ && !writing_) stream_.Finish(status_, &finished_);
    }

    void Answer() {
      unanswered_ = false;
      response_.Clear();
      status_ = session_.Answer(request_, &response_);
      if (!status_.ok()) {
        over_ = true;
        return;
      }
      writing_ = true;
      stream_.Write(response_, &written_);
      Read();
    }

    // This is gone afterwards.
    void OnFinished(bool) { method_.calls_.erase(self_); }

    StreamMethod& method_;
    typename std::list<Call>::iterator self_;
    Session session_;
    grpc::ServerContext context_;
    Stream stream_;
    Request request_;
    Response response_;
    grpc::Status status_;  // how the stream ends
    bool reading_ = false;
    bool writing_ = false;
    bool unanswered_ = false;  // request_ holds a message
    bool over_ = false;        // no message is answered any more
    Step begun_{this, &Call::OnBegun};
    Step read_{this, &Call::OnRead};
    Step written_{this, &Call::OnWritten};
    Step finished_{this, &Call::OnFinished};
  };

  void ArmNext() {
    calls_.emplace_back(this);
    calls_.back().AwaitBegin(std::prev(calls_.end()));
  }

  Service& service_;
  const Arm arm_;
  VmRegistry& registry_;
  grpc::ServerCompletionQueue* const queue_;
  std::list<Call> calls_;
};

}  // namespace irqd

#endif  // IRQD_SERVER_STREAM_METHOD_H_
