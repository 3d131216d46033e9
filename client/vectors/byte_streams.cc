#include "client/vectors/byte_streams.h"

namespace irqd {

void Outcome::Report(bool ok) {
  // Notified under the lock: who waits may be gone right after it.
  const std::lock_guard<std::mutex> lock(mutex_);
  is_there_ = true;
  ok_ = ok;
  changed_.notify_one();
}

bool Outcome::Await() {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait(lock, [this] { return is_there_; });
  is_there_ = false;
  return ok_;
}

std::shared_ptr<IncomingCall> IncomingCall::Make() {
  auto call = std::make_shared<IncomingCall>();
  call->grpcs_ = call;
  return call;
}

bool IncomingCall::Read(grpc::ByteBuffer* message) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (is_finished_) return false;
    StartRead(message);
  }
  return read_.Await();
}

bool IncomingCall::Write(const grpc::ByteBuffer& message) {
  StartWrite(&message);
  return written_.Await();
}

void IncomingCall::SendMetadata() {
  StartSendInitialMetadata();
  written_.Await();
}

void IncomingCall::Finish(const grpc::Status& status) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    is_finished_ = true;
  }
  grpc::ServerGenericBidiReactor::Finish(status);
}

OutgoingCall::OutgoingCall(grpc::GenericStub* stub, grpc::ClientContext* context,
                           const std::string& method) {
  stub->PrepareBidiStreamingCall(context, method, grpc::StubOptions(), this);
  // What is started later comes from outside of reactions.
  AddHold();
  StartCall();
}

bool OutgoingCall::Read(grpc::ByteBuffer* message) {
  StartRead(message);
  return read_.Await();
}

bool OutgoingCall::Write(const grpc::ByteBuffer& message) {
  StartWrite(&message);
  return written_.Await();
}

void OutgoingCall::WritesDone() {
  StartWritesDone();
  written_.Await();
}

grpc::Status OutgoingCall::Finish() {
  RemoveHold();
  done_.Await();
  return status_;
}

void OutgoingCall::OnDone(const grpc::Status& status) {
  status_ = status;
  done_.Report(true);
}

}  // namespace irqd
