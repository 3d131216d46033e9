#include "tests/conformance/batch_backend.h"

#include <vector>

#include "client/connection.h"
#include "client/vectors/connection_backend.h"
#include "core/limits.h"

namespace irqd {
namespace {

const CallOptions kOptions = {absl::Minutes(1)};

// Makes those calls of which there are batches by batches of one.
class BatchVm : public ConnectionVm {
 public:
  BatchVm(Connection* connection, InjectStream* stream, const HostProfile& profile)
      : ConnectionVm(connection, kOptions, profile), stream_(*stream) {}

  int64_t S390Irq(uint32_t vcpu, const std::string& image) override {
    std::vector<int32_t> ret;
    if (!stream_.Write(id(), {&vcpu, 1}, image) || !stream_.Read(&ret)) {
      throw NotReached(stream_.Finish());
    }
    return ret.at(0);
  }
  Reply GetIrqState(uint32_t vcpu, uint32_t len, uint32_t) override {
    const GetIrqStatesReply got =
        connection().GetIrqStates(id(), {&vcpu, 1}, len, kOptions).value();
    Reply reply;
    reply.ret = got.ret.at(0);
    reply.buf = got.buf;
    return reply;
  }
  int64_t SetIrqState(uint32_t vcpu, uint32_t len, const std::string& images) override {
    // A batch brings all bytes of a list, also those that the kernel does not look at.
    if (len > kMaxIrqStateBuf) return ConnectionVm::SetIrqState(vcpu, len, images);
    std::string list = images;
    list.resize(len);
    return connection().SetIrqStates(id(), {&vcpu, 1}, {&len, 1}, list, kOptions).value().at(0);
  }

 private:
  InjectStream& stream_;
};

class BatchBackend : public Backend {
 public:
  explicit BatchBackend(const std::string& target)
      : connection_(Connect(target).value()),
        stream_(connection_->OpenInjectStream({absl::InfiniteDuration()})) {}

  std::unique_ptr<BackendVm> CreateVm(const HostProfile& profile) override {
    return std::make_unique<BatchVm>(connection_.get(), stream_.get(), profile);
  }
  bool Has(Feature feature) const override { return feature != Feature::kUserMemory; }

 private:
  const std::shared_ptr<Connection> connection_;
  const std::unique_ptr<InjectStream> stream_;
};

}  // namespace

std::unique_ptr<Backend> MakeBatchBackend(const std::string& target) {
  return std::make_unique<BatchBackend>(target);
}

}  // namespace irqd
