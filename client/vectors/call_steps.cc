// Vms, Kvm and Batch.
#include "client/vectors/call_steps.h"

#include "absl/strings/str_cat.h"

namespace irqd {
namespace {

// The next `size` bytes of `buf`, which it consumes. False if there are not as many.
bool TakeBytes(uint64_t size, absl::string_view* buf, std::string* taken) {
  if (size > buf->size()) return false;
  *taken = std::string(buf->substr(0, size));
  buf->remove_prefix(size);
  return true;
}

void SetCannot(absl::string_view why, RecordedCall* call) {
  call->steps.clear();
  call->cannot = std::string(why);
}

}  // namespace

Step StepOn(Op op, uint32_t vcpu) {
  Step step;
  step.op = op;
  step.vcpu = vcpu;
  return step;
}

Step StepOn(Op op, uint32_t vcpu, int64_t ret) {
  Step step = StepOn(op, vcpu);
  step.reply.ret = ret;
  return step;
}

void AddSteps(const v1::CreateVmRequest& request, const v1::Vm& vm, RecordedCall* call) {
  call->effect = RecordedCall::Effect::kMakesVm;
  call->vm = {vm.id(), vm.name()};
  const v1::HostProfile& host = vm.host_profile();
  call->host = {FindKernelRules(host.kernel()), host.sigp_interpretation(), host.extended_sca(),
                host.gisa()};
  if (call->host.kernel == nullptr) {
    call->host = DefaultHostProfile();
    return SetCannot(absl::StrCat("its kernel, ", host.kernel(), ", is unknown here"), call);
  }
  for (uint32_t id : request.vcpu_ids()) call->steps.push_back(StepOn(Op::kCreateVcpu, id, 0));
  for (uint32_t id = 0; id < request.vcpu_count(); ++id) {
    call->steps.push_back(StepOn(Op::kCreateVcpu, id, 0));
  }
}

void AddSteps(const v1::DeleteVmRequest&, const google::protobuf::Empty&, RecordedCall* call) {
  call->effect = RecordedCall::Effect::kDeletesVm;
}

void AddSteps(const v1::CreateVcpuRequest& request, const v1::CreateVcpuResponse& response,
              RecordedCall* call) {
  call->steps.push_back(StepOn(Op::kCreateVcpu, request.vcpu_id(), response.ret()));
}

void AddSteps(const v1::GetIrqStateRequest& request, const v1::GetIrqStateResponse& response,
              RecordedCall* call) {
  Step step = StepOn(Op::kGetIrqState, request.vcpu().vcpu_id(), response.ret());
  step.len = request.arg().len();
  step.reply.buf = response.buf();
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::SetIrqStateRequest& request, const v1::SetIrqStateResponse& response,
              RecordedCall* call) {
  Step step = StepOn(Op::kSetIrqState, request.vcpu().vcpu_id(), response.ret());
  step.len = request.arg().len();
  // What lies behind it is not looked at. Nor is anything of a list that is refused for its length,
  // but one that ends early would need memory that does.
  step.images = request.buf().substr(0, step.len);
  if (step.len <= kMaxPendingIrqs * kIrqSize) step.images.resize(step.len);
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::S390IrqRequest& request, const v1::S390IrqResponse& response,
              RecordedCall* call) {
  Step step = StepOn(Op::kS390Irq, request.vcpu().vcpu_id(), response.ret());
  step.images = request.record();
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::S390InterruptRequest& request, const v1::S390InterruptResponse& response,
              RecordedCall* call) {
  Step step = StepOn(Op::kS390Interrupt, request.vcpu().vcpu_id(), response.ret());
  step.interrupt.type = request.type();
  step.interrupt.parm = request.parm();
  step.interrupt.parm64 = request.parm64();
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::ResetRequest& request, const v1::ResetResponse& response,
              RecordedCall* call) {
  const Op op = request.kind() == v1::ResetRequest::NORMAL    ? Op::kNormalReset
                : request.kind() == v1::ResetRequest::INITIAL ? Op::kInitialReset
                                                              : Op::kClearReset;
  call->steps.push_back(StepOn(op, request.vcpu().vcpu_id(), response.ret()));
}

void AddSteps(const v1::SetMpStateRequest& request, const v1::SetMpStateResponse& response,
              RecordedCall* call) {
  Step step = StepOn(Op::kSetMpState, request.vcpu().vcpu_id(), response.ret());
  step.number = request.mp_state();
  call->steps.push_back(std::move(step));
}

void AddSteps(const v1::GetMpStateRequest& request, const v1::GetMpStateResponse& response,
              RecordedCall* call) {
  call->steps.push_back(StepOn(Op::kGetMpState, request.vcpu().vcpu_id(), response.ret()));
}

void AddSteps(const v1::GetIrqStatesRequest& request, const v1::GetIrqStatesResponse& response,
              RecordedCall* call) {
  const int count = response.vcpu_ids_size();
  absl::string_view buf = response.buf();
  bool sound = response.ret_size() == count && response.size_size() == count;
  for (int i = 0; sound && i < count; ++i) {
    Step step = StepOn(Op::kGetIrqState, response.vcpu_ids(i), response.ret(i));
    step.len = request.len();
    sound = TakeBytes(response.size(i), &buf, &step.reply.buf);
    call->steps.push_back(std::move(step));
  }
  if (!sound) SetCannot(kStrangeAnswer, call);
}

void AddSteps(const v1::SetIrqStatesRequest& request, const v1::SetIrqStatesResponse& response,
              RecordedCall* call) {
  const int count = request.vcpu_ids_size();
  absl::string_view buf = request.buf();
  bool sound = response.ret_size() == count && request.len_size() == count;
  for (int i = 0; sound && i < count; ++i) {
    Step step = StepOn(Op::kSetIrqState, request.vcpu_ids(i), response.ret(i));
    step.len = request.len(i);
    sound = TakeBytes(step.len, &buf, &step.images);
    call->steps.push_back(std::move(step));
  }
  if (!sound) SetCannot(kStrangeAnswer, call);
}

void AddSteps(const v1::InjectStreamRequest& request, const v1::InjectStreamResponse& response,
              RecordedCall* call) {
  const int count = response.ret_size();
  const int vcpus = request.vcpu_ids_size();
  absl::string_view records = request.records();
  bool sound = records.size() == kIrqSize * static_cast<size_t>(count) &&
               (count == 0 || vcpus == 1 || vcpus == count);
  for (int i = 0; sound && i < count; ++i) {
    Step step = StepOn(Op::kS390Irq, request.vcpu_ids(vcpus == 1 ? 0 : i), response.ret(i));
    sound = TakeBytes(kIrqSize, &records, &step.images);
    call->steps.push_back(std::move(step));
  }
  if (!sound) SetCannot(kStrangeAnswer, call);
}

}  // namespace irqd
