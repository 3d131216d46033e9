#include "tests/conformance/back_ends.h"

#include "gtest/gtest.h"
#include "tests/conformance/batch_backend.h"
#include "tests/conformance/c_backend.h"
#include "tests/conformance/core_backend.h"
#include "tests/server_process.h"
#ifndef __s390x__
#include "tests/conformance/kernel_backend.h"
#endif

namespace irqd {
namespace {

// The irqd of this test program.
class SharedServer : public testing::Environment {
 public:
  // GoogleTest owns it and tears it down at the end.
  static SharedServer& Get() { return *instance_; }

  ServerProcess& process() {
    if (process_ == nullptr) process_ = std::make_unique<ServerProcess>();
    return *process_;
  }

  void TearDown() override {
    if (process_ == nullptr) return;
    EXPECT_EQ(process_->Stop(), 0) << "irqd did not end cleanly";
    process_.reset();
  }

 private:
  static SharedServer* const instance_;
  std::unique_ptr<ServerProcess> process_;
};

SharedServer* const SharedServer::instance_ =
    static_cast<SharedServer*>(testing::AddGlobalTestEnvironment(new SharedServer));

std::unique_ptr<Backend> MakeInproc() { return MakeCBackend("inproc:"); }
std::unique_ptr<Backend> MakeTcp() {
  return MakeCBackend(SharedServer::Get().process().tcp_address());
}
std::unique_ptr<Backend> MakeUnixSocket() {
  return MakeCBackend(SharedServer::Get().process().unix_address());
}
std::unique_ptr<Backend> MakeBatch() {
  return MakeBatchBackend(SharedServer::Get().process().unix_address());
}

const std::vector<BackendKind>* MakeKinds() {
  auto* const kinds = new std::vector<BackendKind>{
      {"Core", MakeCoreBackend},      {"Inproc", MakeInproc}, {"Tcp", MakeTcp},
      {"UnixSocket", MakeUnixSocket}, {"Batch", MakeBatch},
  };
#ifndef __s390x__
  kinds->insert(kinds->begin(), {"Kernel", MakeKernelBackend});
#endif
  return kinds;
}

}  // namespace

const std::vector<BackendKind>& BackendKinds() {
  static const auto* const kinds = MakeKinds();
  return *kinds;
}

}  // namespace irqd
