#include "client/vectors/capture_proxy.h"

#include <chrono>
#include <map>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"

namespace irqd {
namespace {

using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

// How long an irqd may take for one call that others wait behind.
constexpr std::chrono::seconds kPatience(60);
constexpr std::chrono::seconds kGrace(1);

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& target) {
  grpc::ChannelArguments args;
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetMaxReceiveMessageSize(kMaxResponseSize);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), args);
}

std::string Text(const grpc::string_ref& from) { return std::string(from.data(), from.size()); }

// What the transport says for itself it says anew on the other side.
bool IsTransports(absl::string_view key) {
  return absl::StartsWith(key, ":") || absl::StartsWith(key, "grpc-") || key == "user-agent" ||
         key == "content-type" || key == "te" || key == "accept-encoding";
}

template <typename Add>
void CopyMetadata(const Metadata& from, Add add) {
  for (const auto& entry : from) {
    const std::string key = Text(entry.first);
    if (!IsTransports(key)) add(key, Text(entry.second));
  }
}

std::string Bytes(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Valid() || !buffer.Dump(&slices).ok()) return bytes;
  bytes.reserve(buffer.Length());
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// Codes of gRPC are those of abseil.
absl::StatusCode CodeOf(const grpc::Status& status) {
  return static_cast<absl::StatusCode>(status.error_code());
}

// Both ends of one call that goes on to the irqd.
class Passage {
 public:
  Passage(grpc::GenericCallbackServerContext* in_context, IncomingCall* in,
          std::unique_ptr<grpc::ClientContext> out_context, grpc::GenericStub* stub)
      : in_context_(*in_context), in_(*in), out_context_(std::move(out_context)) {
    CopyMetadata(in_context_.client_metadata(),
                 [&](const std::string& key, const std::string& value) {
                   out_context_->AddMetadata(key, value);
                 });
    out_ = std::make_unique<OutgoingCall>(stub, out_context_.get(), in_context_.method());
  }

  OutgoingCall& out() { return *out_; }

  // One answer. What the server says ahead of all goes before the first.
  bool WriteAnswer(const grpc::ByteBuffer& answer) {
    if (CopyInitialMetadata()) in_.SendMetadata();
    return in_.Write(answer);
  }

  // The end of the outgoing call, which is to be that of the incoming one too.
  grpc::Status End() {
    CopyInitialMetadata();
    const grpc::Status status = out_->Finish();
    CopyMetadata(out_context_->GetServerTrailingMetadata(),
                 [&](const std::string& key, const std::string& value) {
                   in_context_.AddTrailingMetadata(key, value);
                 });
    return status;
  }

  void Cancel() { out_context_->TryCancel(); }

 private:
  // False if it was done before.
  bool CopyInitialMetadata() {
    if (std::exchange(has_metadata_, true)) return false;
    out_->AwaitMetadata();
    CopyMetadata(out_context_->GetServerInitialMetadata(),
                 [&](const std::string& key, const std::string& value) {
                   in_context_.AddInitialMetadata(key, value);
                 });
    return true;
  }

  grpc::GenericCallbackServerContext& in_context_;
  IncomingCall& in_;
  const std::unique_ptr<grpc::ClientContext> out_context_;
  std::unique_ptr<OutgoingCall> out_;
  bool has_metadata_ = false;
};

// Ends when the incoming call does, by its deadline or otherwise.
std::unique_ptr<grpc::ClientContext> DependentContext(const grpc::CallbackServerContext& in) {
  return grpc::ClientContext::FromCallbackServerContext(in);
}

// Goes to its end, whatever becomes of the incoming call.
std::unique_ptr<grpc::ClientContext> IndependentContext() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + kPatience);
  return context;
}

grpc::Status NoRequest() {
  return grpc::Status(grpc::StatusCode::INVALID_ARGUMENT, "the call has no request");
}

}  // namespace

CaptureProxy::CaptureProxy(const std::string& target, Recorder* recorder)
    : recorder_(*recorder), stub_(MakeChannel(target)) {}

absl::StatusOr<std::unique_ptr<CaptureProxy>> CaptureProxy::Start(const std::string& target,
                                                                  const std::string& listen,
                                                                  Recorder* recorder) {
  auto proxy = std::unique_ptr<CaptureProxy>(new CaptureProxy(target, recorder));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &port);
  builder.RegisterCallbackGenericService(proxy.get());
  builder.SetMaxReceiveMessageSize(kMaxRequestSize);
  grpc::ResourceQuota memory;
  memory.Resize(kMaxReceivedMemory);
  builder.SetResourceQuota(memory);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxConcurrentStreams);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  proxy->server_ = builder.BuildAndStart();
  if (proxy->server_ == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat("cannot listen on ", listen));
  }
  proxy->address_ = absl::StartsWith(listen, "unix:")
                        ? listen
                        : absl::StrCat(listen.substr(0, listen.rfind(':')), ":", port);
  return proxy;
}

CaptureProxy::~CaptureProxy() { Stop(); }

void CaptureProxy::Stop() {
  if (server_ == nullptr) return;
  server_->Shutdown(std::chrono::system_clock::now() + kGrace);
  std::unique_lock<std::mutex> lock(mutex_);
  none_left_.wait(lock, [this] { return calls_ == 0; });
  lock.unlock();
  server_.reset();
}

grpc::ServerGenericBidiReactor* CaptureProxy::CreateReactor(
    grpc::GenericCallbackServerContext* context) {
  const std::shared_ptr<IncomingCall> in = IncomingCall::Make();
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ++calls_;
  }
  try {
    // A thread for each call: it waits most of the time, and there are not many.
    std::thread([this, context, in] { Serve(context, in.get()); }).detach();
  } catch (const std::system_error& error) {
    in->Finish(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED, error.what()));
    CallEnded();
  }
  return in.get();
}

void CaptureProxy::CallEnded() {
  const std::lock_guard<std::mutex> lock(mutex_);
  --calls_;
  none_left_.notify_all();
}

void CaptureProxy::Serve(grpc::GenericCallbackServerContext* context, IncomingCall* in) {
  switch (KindOf(context->method())) {
    case MethodKind::kRecorded:
      in->Finish(PassOnCall(context, in));
      break;
    case MethodKind::kInjectStream:
      in->Finish(PassOnStream(context, in));
      break;
    case MethodKind::kUnknown: {
      const std::lock_guard<std::mutex> alone(alone_);
      recorder_.Unknown(context->method());
    }
      [[fallthrough]];
    case MethodKind::kHarmless:
      PassOnAnything(context, in);
      break;
  }
  CallEnded();
}

void CaptureProxy::PassOnAnything(grpc::GenericCallbackServerContext* context, IncomingCall* in) {
  Passage passage(context, in, DependentContext(*context), &stub_);
  OutgoingCall& out = passage.out();
  std::mutex writing;
  bool is_over = false;  // nothing may be written any more
  std::thread requests([&] {
    grpc::ByteBuffer request;
    bool more = true;
    while (more) {
      more = in->Read(&request);
      const std::lock_guard<std::mutex> lock(writing);
      if (is_over) return;
      if (more) more = out.Write(request);
      if (!more) out.WritesDone();
      request.Clear();
    }
  });
  grpc::ByteBuffer answer;
  while (out.Read(&answer)) {
    if (!passage.WriteAnswer(answer)) passage.Cancel();
    answer.Clear();
  }
  {
    const std::lock_guard<std::mutex> lock(writing);
    is_over = true;
  }
  in->Finish(passage.End());
  requests.join();
}

grpc::Status CaptureProxy::PassOnCall(grpc::GenericCallbackServerContext* context,
                                      IncomingCall* in) {
  grpc::ByteBuffer request, answer;
  if (!in->Read(&request)) return NoRequest();
  std::unique_lock<std::mutex> alone(alone_);
  if (context->IsCancelled()) return grpc::Status::CANCELLED;
  Passage passage(context, in, IndependentContext(), &stub_);
  passage.out().Write(request);
  passage.out().WritesDone();
  const bool is_answered = passage.out().Read(&answer);
  const grpc::Status status = passage.End();
  if (is_answered && status.ok()) {
    recorder_.Answered(context->method(), Bytes(request), Bytes(answer));
  } else {
    recorder_.Ended(context->method(), Bytes(request), CodeOf(status));
  }
  alone.unlock();
  if (is_answered) in->Write(answer);
  return status;
}

grpc::Status CaptureProxy::PassOnStream(grpc::GenericCallbackServerContext* context,
                                        IncomingCall* in) {
  Passage passage(context, in, DependentContext(*context), &stub_);
  uint64_t vm = 0;
  grpc::ByteBuffer request, answer;
  while (in->Read(&request)) {
    std::unique_lock<std::mutex> alone(alone_);
    if (!passage.out().Write(request) || !passage.out().Read(&answer)) {
      const grpc::Status status = passage.End();
      recorder_.StreamEnded(Bytes(request), CodeOf(status), &vm);
      return status;
    }
    recorder_.StreamAnswered(Bytes(request), Bytes(answer), &vm);
    alone.unlock();
    if (!passage.WriteAnswer(answer)) break;
    request.Clear();
    answer.Clear();
  }
  passage.out().WritesDone();
  return passage.End();
}

}  // namespace irqd
