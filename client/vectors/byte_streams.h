// Both ends of a call that is passed on as bytes, with methods that wait, over gRPC's reactors.
//
// Thread safety: one thread may read and another write at the same time.
#ifndef IRQD_CLIENT_VECTORS_BYTE_STREAMS_H_
#define IRQD_CLIENT_VECTORS_BYTE_STREAMS_H_

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

namespace irqd {

// Waits for what another thread reports once.
class Outcome {
 public:
  void Report(bool ok);
  bool Await();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_there_ = false;
  bool ok_ = false;
};

// Of a call to this server. gRPC has a share in it until some time after Finish.
class IncomingCall : public grpc::ServerGenericBidiReactor {
 public:
  static std::shared_ptr<IncomingCall> Make();

  // False at the end, when the caller is gone, or when Finish was called, be it long ago.
  bool Read(grpc::ByteBuffer* message);
  bool Write(const grpc::ByteBuffer& message);
  // Before the first Write, once its metadata are in the context.
  void SendMetadata();
  // Once, at the end. A Read that waits fails then. The call's context is gone some time after.
  void Finish(const grpc::Status& status);

 private:
  void OnReadDone(bool ok) override { read_.Report(ok); }
  void OnWriteDone(bool ok) override { written_.Report(ok); }
  void OnSendInitialMetadataDone(bool ok) override { written_.Report(ok); }
  void OnDone() override { grpcs_.reset(); }

  std::shared_ptr<IncomingCall> grpcs_;
  // A Read keeps gRPC's call alive until it is done, but must not begin on one that may be gone.
  std::mutex mutex_;
  bool is_finished_ = false;
  Outcome read_;
  Outcome written_;
};

// Of a call to another server, begun at once. Finish must be called before it goes, and nothing of
// the others then or later.
class OutgoingCall : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // Owns neither; both must outlive it.
  OutgoingCall(grpc::GenericStub* stub, grpc::ClientContext* context, const std::string& method);

  bool Read(grpc::ByteBuffer* message);
  bool Write(const grpc::ByteBuffer& message);
  void WritesDone();
  // Until the server's initial metadata are there, or it ended without. Once.
  void AwaitMetadata() { metadata_.Await(); }
  grpc::Status Finish();

 private:
  void OnReadDone(bool ok) override { read_.Report(ok); }
  void OnWriteDone(bool ok) override { written_.Report(ok); }
  void OnWritesDoneDone(bool ok) override { written_.Report(ok); }
  void OnReadInitialMetadataDone(bool ok) override { metadata_.Report(ok); }
  void OnDone(const grpc::Status& status) override;

  Outcome read_;
  Outcome written_;
  Outcome metadata_;
  Outcome done_;
  grpc::Status status_;
};

}  // namespace irqd

#endif  // IRQD_CLIENT_VECTORS_BYTE_STREAMS_H_
