// A bare gRPC server in irqd's shape: one completion queue, polled by one thread, with calls that
// are used again and again. It does nothing, so it is what irqd is measured beside.
//
//   echo_server [--plugins] ADDRESS...
//
// --plugins: with health checking and server reflection, as irqd has them. It says on stderr where
// it listens, in irqd's words, and ends at SIGTERM.
#include <grpcpp/alarm.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/benchmarks/echo.grpc.pb.h"

namespace {

using irqd::echo::Echo;
using irqd::echo::EchoRequest;
using irqd::echo::EchoResponse;

constexpr int kArmedCalls = 64;
constexpr int kArmedStreams = 4;
constexpr int kMostBytes = 64 << 20;

class Tag {
 public:
  virtual ~Tag() = default;
  virtual void Proceed(bool ok) = 0;
};

// The bytes that are there stay: what they are does not matter.
void Answer(const EchoRequest& request, EchoResponse* response) {
  std::string* payload = response->mutable_payload();
  if (payload->size() != request.answer()) payload->resize(request.answer());
}

class UnaryEcho final : public Tag {
 public:
  UnaryEcho(Echo::AsyncService* service, grpc::ServerCompletionQueue* queue)
      : service_(*service), queue_(queue) {
    Arm();
  }
  void Proceed(bool ok) override {
    if (answering_) {
      Arm();
    } else if (ok) {
      answering_ = true;
      Answer(request_, &response_);
      writer_->Finish(response_, grpc::Status::OK, this);
    }
  }

 private:
  void Arm() {
    answering_ = false;
    writer_.reset();
    context_.emplace();
    writer_.emplace(&*context_);
    service_.RequestCall(&*context_, &request_, &*writer_, queue_, queue_, this);
  }

  Echo::AsyncService& service_;
  grpc::ServerCompletionQueue* const queue_;
  std::optional<grpc::ServerContext> context_;
  std::optional<grpc::ServerAsyncResponseWriter<EchoResponse>> writer_;
  EchoRequest request_;
  EchoResponse response_;
  bool answering_ = false;
};

class StreamEcho final : public Tag {
 public:
  StreamEcho(Echo::AsyncService* service, grpc::ServerCompletionQueue* queue)
      : service_(*service), queue_(queue) {
    Arm();
  }
  void Proceed(bool ok) override {
    switch (step_) {
      case kWaiting:
        if (ok) Read();
        break;
      case kReading:
        if (!ok) return Finish();
        Answer(request_, &response_);
        step_ = kWriting;
        stream_->Write(response_, this);
        break;
      case kWriting:
        ok ? Read() : Finish();
        break;
      case kFinishing:
        Arm();
        break;
    }
  }

 private:
  void Arm() {
    step_ = kWaiting;
    stream_.reset();
    context_.emplace();
    stream_.emplace(&*context_);
    service_.RequestStream(&*context_, &*stream_, queue_, queue_, this);
  }
  void Read() {
    step_ = kReading;
    stream_->Read(&request_, this);
  }
  void Finish() {
    step_ = kFinishing;
    stream_->Finish(grpc::Status::OK, this);
  }

  Echo::AsyncService& service_;
  grpc::ServerCompletionQueue* const queue_;
  enum { kWaiting, kReading, kWriting, kFinishing } step_ = kWaiting;
  std::optional<grpc::ServerContext> context_;
  std::optional<grpc::ServerAsyncReaderWriter<EchoResponse, EchoRequest>> stream_;
  EchoRequest request_;
  EchoResponse response_;
};

void Poll(grpc::ServerCompletionQueue* queue) {
  void* tag;
  bool ok;
  bool stopping = false;
  while (queue->Next(&tag, &ok)) {
    if (tag == nullptr) {
      stopping = true;
      queue->Shutdown();
    } else if (!stopping) {
      static_cast<Tag*>(tag)->Proceed(ok);
    }
  }
}

// The addresses, each port as it was bound.
std::string Bound(const std::vector<std::string>& addresses, const std::vector<int>& ports) {
  std::string all;
  for (size_t i = 0; i < addresses.size(); ++i) {
    if (i > 0) all += ", ";
    const bool is_unix = addresses[i].rfind("unix:", 0) == 0;
    all += is_unix ? addresses[i]
                   : addresses[i].substr(0, addresses[i].rfind(':') + 1) + std::to_string(ports[i]);
  }
  return all;
}

void EnablePlugins() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
}

// For reflection, which is a synchronous service.

// For reflection, which is a synchronous service.
void KeepSyncServicesSmall(grpc::ServerBuilder* builder) {
  using Option = grpc::ServerBuilder::SyncServerOption;
  builder->SetSyncServerOption(Option::NUM_CQS, 1);
  builder->SetSyncServerOption(Option::MIN_POLLERS, 1);
  builder->SetSyncServerOption(Option::MAX_POLLERS, 1);
}

}  // namespace

int main(int argc, char** argv) {
  sigset_t stop_signals;
  sigemptyset(&stop_signals);
  sigaddset(&stop_signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop_signals, nullptr);

  std::vector<std::string> addresses(argv + 1, argv + argc);
  const bool plugins = !addresses.empty() && addresses[0] == "--plugins";
  if (plugins) addresses.erase(addresses.begin());
  if (plugins) EnablePlugins();
  grpc::ServerBuilder builder;  // takes the plugins that there are
  if (plugins) KeepSyncServicesSmall(&builder);
  builder.SetMaxReceiveMessageSize(kMostBytes);
  std::vector<int> ports(addresses.size(), 0);
  for (size_t i = 0; i < addresses.size(); ++i) {
    builder.AddListeningPort(addresses[i], grpc::InsecureServerCredentials(), &ports[i]);
  }
  Echo::AsyncService service;
  builder.RegisterService(&service);
  const auto queue = builder.AddCompletionQueue();
  const auto server = builder.BuildAndStart();
  if (server == nullptr || addresses.empty()) {
    std::fprintf(stderr, "echo_server: cannot listen\n");
    return 1;
  }
  std::vector<std::unique_ptr<Tag>> calls;
  for (int i = 0; i < kArmedCalls; ++i) {
    calls.push_back(std::make_unique<UnaryEcho>(&service, queue.get()));
  }
  for (int i = 0; i < kArmedStreams; ++i) {
    calls.push_back(std::make_unique<StreamEcho>(&service, queue.get()));
  }
  std::thread poller(Poll, queue.get());
  std::fprintf(stderr, "echo_server: listening on %s\n", Bound(addresses, ports).c_str());

  int signal_number = 0;
  sigwait(&stop_signals, &signal_number);
  server->Shutdown(std::chrono::system_clock::now());
  grpc::Alarm stop;
  stop.Set(queue.get(), gpr_now(GPR_CLOCK_MONOTONIC), nullptr);
  poller.join();
  return 0;
}
