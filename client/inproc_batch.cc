// Calls on many vCPUs at once, in this process.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/inproc_calls.h"
#include "client/inproc_connection.h"
#include "core/batch.h"
#include "core/kvm_s390.h"

namespace irqd {
namespace {

absl::Status Malformed(const BatchFault& fault) {
  return absl::InvalidArgumentError(absl::StrCat(fault.field, ": ", fault.description));
}

// Each message is carried out by the thread that writes it; its answer waits to be read.
class InprocInjectStream final : public InjectStream {
 public:
  InprocInjectStream(const VmRegistry& registry, absl::Time deadline)
      : registry_(registry), deadline_(absl::ToChronoTime(deadline)) {}

  bool Write(uint64_t vm_id, absl::Span<const uint32_t> vcpu_ids,
             absl::string_view records) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    EndAtDeadline();
    if (over_) return false;
    absl::StatusOr<std::vector<int32_t>> ret = Inject(vm_id, vcpu_ids, records);
    if (ret.ok()) {
      answers_.push_back(*std::move(ret));
    } else {
      End(ret.status());
    }
    changed_.notify_one();
    return true;
  }

  void WritesDone() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    End(absl::OkStatus());
    changed_.notify_one();
  }

  bool Read(std::vector<int32_t>* ret) override {
    std::unique_lock<std::mutex> lock(mutex_);
    while (answers_.empty() && !over_) {
      changed_.wait_until(lock, deadline_);
      EndAtDeadline();
    }
    if (answers_.empty()) return false;
    *ret = std::move(answers_.front());
    answers_.pop_front();
    return true;
  }

  absl::Status Finish() override {
    const std::lock_guard<std::mutex> lock(mutex_);
    End(absl::OkStatus());
    return status_;
  }

 private:
  absl::StatusOr<std::vector<int32_t>> Inject(uint64_t vm_id, absl::Span<const uint32_t> vcpu_ids,
                                              absl::string_view records) {
    using Result = absl::StatusOr<std::vector<int32_t>>;
    const auto fault = CheckInjectBatch(vcpu_ids.size(), records.size());
    if (fault) return Malformed(*fault);
    return OnVm<std::vector<int32_t>>(registry_, vm_id, [&](Vm& vm) -> Result {
      std::vector<Vcpu*> vcpus;
      const auto missing = FindEach(vm, vcpu_ids, &vcpus);
      if (missing) return NoVcpu({vm_id, *missing});
      std::vector<int32_t> ret(records.size() / kIrqSize);
      InjectEach(vcpus, {Bytes(records), records.size()}, absl::MakeSpan(ret));
      return ret;
    });
  }

  void EndAtDeadline() {
    if (std::chrono::system_clock::now() >= deadline_) {
      End(absl::DeadlineExceededError("the stream's timeout passed"));
    }
  }

  // What ends it first counts.
  void End(const absl::Status& status) {
    if (!over_) status_ = status;
    over_ = true;
  }

  const VmRegistry& registry_;
  const std::chrono::system_clock::time_point deadline_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<int32_t>> answers_;
  bool over_ = false;  // no message is taken any more
  absl::Status status_;
};

}  // namespace

absl::StatusOr<GetIrqStatesReply> InprocConnection::GetIrqStates(
    uint64_t vm_id, absl::Span<const uint32_t> vcpu_ids, uint32_t len, const CallOptions&) {
  using Result = absl::StatusOr<GetIrqStatesReply>;
  const auto fault = CheckGetBatch(vcpu_ids.size());
  if (fault) return Malformed(*fault);
  return OnVm<GetIrqStatesReply>(registry_, vm_id, [&](Vm& vm) -> Result {
    GetIrqStatesReply reply;
    reply.vcpu_ids.assign(vcpu_ids.begin(), vcpu_ids.end());
    if (vcpu_ids.empty()) reply.vcpu_ids = vm.VcpuIds();
    std::vector<Vcpu*> vcpus;
    const auto missing = FindEach(vm, reply.vcpu_ids, &vcpus);
    if (missing) return NoVcpu({vm_id, *missing});
    reply.ret.resize(vcpus.size());
    reply.size.resize(vcpus.size());
    GetEach(vcpus, len, absl::MakeSpan(reply.ret), absl::MakeSpan(reply.size), &reply.buf);
    return reply;
  });
}

absl::StatusOr<std::vector<int32_t>> InprocConnection::SetIrqStates(
    uint64_t vm_id, absl::Span<const uint32_t> vcpu_ids, absl::Span<const uint32_t> len,
    absl::string_view buf, const CallOptions&) {
  using Result = absl::StatusOr<std::vector<int32_t>>;
  const auto fault = CheckSetBatch(vcpu_ids.size(), len, buf.size());
  if (fault) return Malformed(*fault);
  return OnVm<std::vector<int32_t>>(registry_, vm_id, [&](Vm& vm) -> Result {
    std::vector<Vcpu*> vcpus;
    const auto missing = FindEach(vm, vcpu_ids, &vcpus);
    if (missing) return NoVcpu({vm_id, *missing});
    std::vector<int32_t> ret(vcpus.size());
    SetEach(vcpus, len, {Bytes(buf), buf.size()}, absl::MakeSpan(ret));
    return ret;
  });
}

std::unique_ptr<InjectStream> InprocConnection::OpenInjectStream(const CallOptions& options) {
  return std::make_unique<InprocInjectStream>(registry_, absl::Now() + options.timeout);
}

}  // namespace irqd
