#include <deque>
#include <memory>

#include "tests/benchmarks/load.h"

namespace irqd {
namespace {

// One stream, driven by the events of its queue: writing and reading go on beside each other.
class StreamLoad {
 public:
  StreamLoad(grpc::GenericStub* stub, const LoadSettings& settings, Figures* figures)
      : settings_(settings), figures_(*figures) {
    stream_ = stub->PrepareCall(&context_, settings.method, &queue_);
    stream_->StartCall(Tag(kStarted));
  }

  void Run() {
    void* tag;
    bool ok;
    while (!finished_ && queue_.Next(&tag, &ok)) Proceed(static_cast<Event>(Number(tag)), ok);
    if (!status_.ok()) {
      Die(settings_.method + ": " + std::to_string(status_.error_code()) + " " +
          status_.error_message());
    }
    if (!sent_.empty()) Die(settings_.method + ": messages without an answer");
  }

 private:
  enum Event { kStarted, kWritten, kRead, kHalfClosed, kFinished };
  static void* Tag(Event event) { return reinterpret_cast<void*>(uintptr_t{event}); }
  static uintptr_t Number(void* tag) { return reinterpret_cast<uintptr_t>(tag); }

  void Proceed(Event event, bool ok) {
    switch (event) {
      case kStarted:
        stream_->Read(&answer_, Tag(kRead));
        WriteNext();
        break;
      case kWritten:
        writing_ = false;
        if (ok) WriteNext();
        break;
      case kRead:
        if (!ok) {
          stream_->Finish(&status_, Tag(kFinished));
          break;
        }
        if (sent_.empty()) Die(settings_.method + ": an answer to nothing");
        figures_.Answered(answer_, sent_.front());
        sent_.pop_front();
        stream_->Read(&answer_, Tag(kRead));
        WriteNext();
        break;
      case kHalfClosed:
        break;
      case kFinished:
        finished_ = true;
        break;
    }
  }

  void WriteNext() {
    const auto window = static_cast<size_t>(settings_.in_flight);
    if (writing_ || closed_ || sent_.size() >= window) return;
    if (!figures_.MaySend()) {
      closed_ = true;
      stream_->WritesDone(Tag(kHalfClosed));
      return;
    }
    writing_ = true;
    sent_.push_back(Clock::now());
    // While more may follow at once there is no need for a system call each.
    grpc::WriteOptions options;
    if (sent_.size() < window) options.set_buffer_hint();
    stream_->Write(figures_.NextRequest(), options, Tag(kWritten));
  }

  const LoadSettings& settings_;
  Figures& figures_;
  grpc::CompletionQueue queue_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  grpc::ByteBuffer answer_;
  grpc::Status status_;
  std::deque<Clock::time_point> sent_;  // what has no answer yet
  bool writing_ = false;
  bool closed_ = false;
  bool finished_ = false;
};

}  // namespace

void CallStream(grpc::GenericStub* stub, const LoadSettings& settings, Figures* figures) {
  StreamLoad(stub, settings, figures).Run();
}

}  // namespace irqd
