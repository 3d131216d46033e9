// A gRPC server that passes every call on to an irqd, and tells a Recorder what was answered.
//
// Calls are passed on as bytes, with their metadata, statuses and streams, also those of methods
// that this program does not know. Calls that may change a VM, or look at one, go through one at a
// time, so that the order in which they are recorded is the order in which they took effect; what a
// caller gives up on still goes to its end. What goes past the proxy is not seen.
//
// Thread safety: the methods are for one thread at a time; callers of the server may be many.
#ifndef IRQD_CLIENT_VECTORS_CAPTURE_PROXY_H_
#define IRQD_CLIENT_VECTORS_CAPTURE_PROXY_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/statusor.h"
#include "client/vectors/byte_streams.h"
#include "client/vectors/recorder.h"

namespace irqd {

class CaptureProxy : private grpc::CallbackGenericService {
 public:
  // Serves on `listen` ("127.0.0.1:0", "unix:PATH") until Stop. Does not own the recorder.
  //   INVALID_ARGUMENT  `listen` cannot be had
  static absl::StatusOr<std::unique_ptr<CaptureProxy>> Start(const std::string& target,
                                                             const std::string& listen,
                                                             Recorder* recorder);
  ~CaptureProxy() override;

  // What to connect to: `listen` with its port.
  const std::string& address() const { return address_; }

  // Lets calls under way end, for a second, and cancels them then. The recorder hears nothing more.
  void Stop();

 private:
  CaptureProxy(const std::string& target, Recorder* recorder);

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;
  void Serve(grpc::GenericCallbackServerContext* context, IncomingCall* in);
  void CallEnded();
  void PassOnAnything(grpc::GenericCallbackServerContext* context, IncomingCall* in);
  grpc::Status PassOnCall(grpc::GenericCallbackServerContext* context, IncomingCall* in);
  grpc::Status PassOnStream(grpc::GenericCallbackServerContext* context, IncomingCall* in);

  Recorder& recorder_;
  grpc::GenericStub stub_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  std::mutex alone_;  // held by the call that goes through, and while the recorder hears of it

  std::mutex mutex_;
  std::condition_variable none_left_;
  int calls_ = 0;  // under way
};

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_CAPTURE_PROXY_H_
