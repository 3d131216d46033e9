#include "server/health_watches.h"

#include <iterator>

namespace irqd {

class HealthWatches::Watch {
 public:
  explicit Watch(HealthWatches* watches) : watches_(*watches), writer_(&context_) {}

  void AwaitBegin(std::list<Watch>::iterator self) {
    self_ = self;
    context_.AsyncNotifyWhenDone(&done_);
    grpc::ServerCompletionQueue* const queue = watches_.queue_;
    watches_.service_.RequestWatch(&context_, &request_, &writer_, queue, queue, &begun_);
  }

  void Stop() {
    if (begun_already_ && !writing_ && !ending_) End();
  }

 private:
  class Step final : public CallTag {
   public:
    using Then = void (Watch::*)(bool ok);
    Step(Watch* watch, Then then) : watch_(*watch), then_(then) {}
    void Proceed(bool ok) override {
      Watch& watch = watch_;
      const Then then = then_;
      (watch.*then)(ok);
    }

   private:
    Watch& watch_;
    const Then then_;
  };

  void OnBegun(bool ok) {
    if (!ok) return;  // the server is shutting down
    watches_.ArmNext();
    begun_already_ = true;
    if (watches_.stopped_) {
      End();
    } else {
      writing_ = true;
      writer_.Write(Now(), &written_);
    }
  }

  void OnWritten(bool) {
    writing_ = false;
    if (gone_ || watches_.stopped_) End();
  }

  // The client is gone, or the stream has ended.
  void OnDone(bool) {
    gone_ = true;
    if (!writing_) End();
  }

  // This is gone after the later of OnDone and OnEnded.
  void OnEnded(bool) {
    ended_ = true;
    if (gone_) watches_.watches_.erase(self_);
  }

  void End() {
    if (ended_) {
      watches_.watches_.erase(self_);
      return;
    }
    if (ending_) return;
    ending_ = true;
    if (gone_) {
      writer_.Finish(grpc::Status::CANCELLED, &ended_step_);
    } else {
      writer_.WriteAndFinish(Now(), grpc::WriteOptions(), grpc::Status::OK, &ended_step_);
    }
  }

  HealthHandlers::Response Now() const {
    HealthHandlers::Response response;
    response.set_status(watches_.handlers_.StatusOf(request_.service()));
    return response;
  }

  HealthWatches& watches_;
  std::list<Watch>::iterator self_;
  grpc::ServerContext context_;
  grpc::health::v1::HealthCheckRequest request_;
  grpc::ServerAsyncWriter<HealthHandlers::Response> writer_;
  bool begun_already_ = false;
  bool writing_ = false;
  bool gone_ = false;
  bool ending_ = false;
  bool ended_ = false;
  Step begun_{this, &Watch::OnBegun};
  Step written_{this, &Watch::OnWritten};
  Step done_{this, &Watch::OnDone};
  Step ended_step_{this, &Watch::OnEnded};
};

HealthWatches::HealthWatches(Service* service, HealthHandlers* handlers,
                             grpc::ServerCompletionQueue* queue)
    : service_(*service), handlers_(*handlers), queue_(queue) {
  ArmNext();
}

HealthWatches::~HealthWatches() = default;

void HealthWatches::Proceed(bool) {
  stopped_ = true;
  handlers_.Stop();
  for (Watch& watch : watches_) watch.Stop();
}

void HealthWatches::ArmNext() {
  watches_.emplace_back(this);
  watches_.back().AwaitBegin(std::prev(watches_.end()));
}

}  // namespace irqd
