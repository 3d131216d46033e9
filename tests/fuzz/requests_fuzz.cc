// Requests to the server's handlers, in one thread: any bytes that gRPC would pass on. None may
// crash; one that is refused must say why and change nothing, and one that only reads must change
// nothing.
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <cinttypes>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/kvm_s390.h"
#include "google/rpc/error_details.pb.h"
#include "server/batch_handlers.h"
#include "server/inject_session.h"
#include "server/kvm_handlers.h"
#include "server/vms_handlers.h"
#include "tests/fuzz/messages.h"

namespace irqd {
namespace {

constexpr int kMostCalls = 32;

VmRegistry::Limits SmallLimits() {
  VmRegistry::Limits limits;
  limits.max_vms = 4;
  limits.max_vcpus = 300;
  return limits;
}

// All that a client could learn, as text. Not the epoch: a look at one instant begins another.
std::string Snapshot(const VmRegistry& registry) {
  std::string text;
  for (const VmInfo& info : registry.List(0, 100)) {
    const VmRef vm = registry.Find(info.id);
    absl::StrAppend(&text, info.id, " ", info.name, " ", FormatHostProfile(info.profile), " ",
                    vm->facts().lasting(), "\n");
    FUZZ_CHECK(registry.FindId(info.name) == info.id && IsValidVmName(info.name));
    for (const uint32_t id : vm->VcpuIds()) {
      Vcpu* vcpu = vm->FindVcpu(id);
      std::string images;
      const int64_t size = vcpu->GetIrqState(20664, &images);
      FUZZ_CHECK(size == static_cast<int64_t>(images.size()), "more than 20664 bytes pending");
      absl::StrAppend(&text, id, " ", vcpu->GetMpState(), " ", vcpu->pending(), " ", images, "\n");
    }
  }
  return text;
}

// A refusal carries what a client needs to understand it.
void CheckRefusal(const grpc::Status& status) {
  const grpc::StatusCode code = status.error_code();
  FUZZ_CHECK(code == grpc::INVALID_ARGUMENT || code == grpc::NOT_FOUND ||
                 code == grpc::ALREADY_EXISTS || code == grpc::RESOURCE_EXHAUSTED,
             "status %d", code);
  google::rpc::Status details;
  FUZZ_CHECK(details.ParseFromString(status.error_details()), "%s", status.error_message().c_str());
  FUZZ_CHECK(details.code() == code && details.message() == status.error_message());
  FUZZ_CHECK(details.details_size() == 1);
  FUZZ_CHECK(status.error_message().size() < 1024, "a long message");
  google::rpc::BadRequest bad_request;
  if (details.details(0).Is<google::rpc::BadRequest>()) {
    FUZZ_CHECK(details.details(0).UnpackTo(&bad_request));
  }
}

// An errno that a kernel call may give.
void CheckRet(int64_t ret) {
  const bool known = ret >= 0 || ret == -EINVAL || ret == -EBUSY || ret == -ENOBUFS ||
                     ret == -ENXIO || ret == -EEXIST;
  FUZZ_CHECK(known, "ret %" PRId64, ret);
}

template <typename Response>
void CheckResponse(const Response& response) {
  CheckRet(response.ret());
}
void CheckResponse(const v1::GetIrqStateResponse& response) {
  FUZZ_CHECK(response.buf().size() % kIrqSize == 0);
  FUZZ_CHECK(response.ret() < 0 ? response.ret() == -EINVAL || response.ret() == -ENOBUFS
                                : response.ret() == static_cast<int>(response.buf().size()),
             "ret %d", response.ret());
}
void CheckResponse(const v1::GetIrqStatesResponse& response) {
  FUZZ_CHECK(response.ret_size() == response.vcpu_ids_size());
  FUZZ_CHECK(response.size_size() == response.vcpu_ids_size());
  size_t total = 0;
  for (int i = 0; i < response.ret_size(); ++i) {
    const int ret = response.ret(i);
    FUZZ_CHECK(response.size(i) % kIrqSize == 0);
    FUZZ_CHECK(
        ret < 0 ? ret == -EINVAL || ret == -ENOBUFS : ret == static_cast<int>(response.size(i)),
        "ret %d", ret);
    total += response.size(i);
  }
  FUZZ_CHECK(total == response.buf().size());
}
void CheckResponse(const v1::SetIrqStatesResponse& response) {
  for (const int ret : response.ret()) CheckRet(ret);
}
void CheckResponse(const v1::InjectStreamResponse& response) {
  for (const int ret : response.ret()) CheckRet(ret);
}
void CheckResponse(const v1::Vm& vm) {
  FUZZ_CHECK(IsValidVmName(vm.name()) && vm.id() != 0 && vm.vcpu_count() <= kMaxVcpuIds);
}
void CheckResponse(const v1::ListVmsResponse& response) {
  for (const v1::Vm& vm : response.vms()) CheckResponse(vm);
}
void CheckResponse(const v1::ListVcpusResponse& response) {
  for (const v1::Vcpu& vcpu : response.vcpus()) {
    FUZZ_CHECK(vcpu.mp_state() == KVM_MP_STATE_STOPPED ||
               vcpu.mp_state() == KVM_MP_STATE_OPERATING);
  }
}
void CheckResponse(const google::protobuf::Empty&) {}

// Makes a length agree with its buffer, as a program that works would, most of the time.
template <typename Request>
void MakeFit(FuzzInput*, Request*) {}
void MakeFit(FuzzInput* input, v1::SetIrqStateRequest* request) {
  if (input->Below(8) == 0) return;
  request->mutable_arg()->set_len(static_cast<uint32_t>(request->buf().size()));
}

void MakeFit(FuzzInput* input, v1::SetIrqStatesRequest* request) {
  if (input->Below(8) == 0) return;
  request->mutable_len()->Resize(request->vcpu_ids_size(), 0);
  if (request->vcpu_ids().empty()) request->clear_buf();
  uint32_t rest = static_cast<uint32_t>(request->buf().size());
  for (uint32_t& len : *request->mutable_len()) {
    len = std::min<uint32_t>(rest, kIrqSize * input->Below(4));
    rest -= len;
  }
  request->mutable_buf()->resize(request->buf().size() - rest);
}
void MakeFit(FuzzInput* input, v1::InjectStreamRequest* request) {
  if (input->Below(8) == 0) return;
  const size_t records = request->records().size() / kIrqSize;
  request->mutable_records()->resize(records * kIrqSize);
  if (request->vcpu_ids_size() == 1) return;
  request->mutable_vcpu_ids()->Resize(static_cast<int>(records), input->Below(4));
}

enum class Effect { kReads, kWrites };

class World {
 public:
  explicit World(FuzzInput* input) : input_(*input) {
    v1::CreateVmRequest request;
    v1::Vm vm;
    request.set_vcpu_count(3);
    FUZZ_CHECK(vms_.CreateVm(request, &vm).ok());
  }

  void CallOne() {
    switch (input_.Below(17)) {
      case 0:
        return Call(&kvm_, &KvmHandlers::GetIrqState, Effect::kReads);
      case 1:
        return Call(&kvm_, &KvmHandlers::SetIrqState, Effect::kWrites);
      case 2:
        return Call(&kvm_, &KvmHandlers::S390Irq, Effect::kWrites);
      case 3:
        return Call(&kvm_, &KvmHandlers::S390Interrupt, Effect::kWrites);
      case 4:
        return Call(&kvm_, &KvmHandlers::Reset, Effect::kWrites);
      case 5:
        return Call(&kvm_, &KvmHandlers::SetMpState, Effect::kWrites);
      case 6:
        return Call(&kvm_, &KvmHandlers::GetMpState, Effect::kReads);
      case 7:
        return Call(&kvm_, &KvmHandlers::CheckExtension, Effect::kReads);
      case 8:
        return Call(&vms_, &VmsHandlers::CreateVm, Effect::kWrites);
      case 9:
        return Call(&vms_, &VmsHandlers::GetVm, Effect::kReads);
      case 10:
        return Call(&vms_, &VmsHandlers::ListVms, Effect::kReads);
      case 11:
        return Call(&vms_, &VmsHandlers::DeleteVm, Effect::kWrites);
      case 12:
        return Call(&vms_, &VmsHandlers::CreateVcpu, Effect::kWrites);
      case 13:
        return Call(&vms_, &VmsHandlers::ListVcpus, Effect::kReads);
      case 14:
        return Call(&batch_, &BatchHandlers::GetIrqStates, Effect::kReads);
      case 15:
        return Call(&batch_, &BatchHandlers::SetIrqStates, Effect::kWrites);
      default:
        return Call(&inject_, &InjectSession::Answer, Effect::kWrites);
    }
  }

 private:
  template <typename Handlers, typename Request, typename Response>
  void Call(Handlers* handlers, grpc::Status (Handlers::*handle)(const Request&, Response*),
            Effect effect) {
    Request request;
    if (!TakeMessage(&input_, &request)) return;
    MakeFit(&input_, &request);
    const std::string before = Snapshot(registry_);

    Response response;
    const grpc::Status status = (handlers->*handle)(request, &response);

    if (status.ok()) {
      CheckResponse(response);
    } else {
      CheckRefusal(status);
    }
    if (!status.ok() || effect == Effect::kReads) {
      FUZZ_CHECK(Snapshot(registry_) == before, "%s", request.ShortDebugString().c_str());
    }
  }

  FuzzInput& input_;
  VmRegistry registry_{SmallLimits()};
  KvmHandlers kvm_{&registry_};
  VmsHandlers vms_{&registry_};
  BatchHandlers batch_{&registry_};
  InjectSession inject_{&registry_};  // one stream, which goes on after what would end it
};

}  // namespace
}  // namespace irqd

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // It has much to say about bytes that do not parse.
  static google::protobuf::LogSilencer silence;
  irqd::FuzzInput input(data, size);
  irqd::World world(&input);
  for (int calls = 0; calls < irqd::kMostCalls && !input.IsEmpty(); ++calls) world.CallOne();
  return 0;
}
