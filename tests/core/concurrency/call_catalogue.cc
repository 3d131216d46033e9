#include "tests/core/concurrency/call_catalogue.h"

#include <algorithm>

#include "core/kvm_s390.h"
#include "tests/core/irq_samples.h"

namespace irqd {
namespace {

constexpr uint64_t kExigentCheck = 0x8000000000000000;
constexpr uint64_t kRepressibleCheck = 0x0400000000000000;
constexpr uint64_t kPswAll = 0x0304000000000000;
constexpr uint64_t kPswWaiting = 0x0306000000000000;

void AddAll(const std::vector<VmCall>& more, std::vector<VmCall>* calls) {
  calls->insert(calls->end(), more.begin(), more.end());
}

VcpuRegistersUpdate OpenMasks(uint64_t psw_mask) {
  VcpuRegistersUpdate update;
  update.psw_mask = psw_mask;
  update.cr0 = 0x4000 | 0x2000 | 0x200;
  update.cr6 = 0xff000000;
  update.cr14 = 0x1f000000;
  return update;
}

VcpuRegistersUpdate PrefixOnly(uint32_t prefix) {
  VcpuRegistersUpdate update;
  update.prefix = prefix;
  return update;
}

const VmCall& AnyOf(const std::vector<VmCall>& calls, Random& random) {
  return calls[Below(calls.size(), random)];
}

}  // namespace

std::vector<VmCall> LocalCalls(uint32_t vcpu) {
  std::vector<VmCall> calls;
  for (const kvm_s390_irq& irq :
       {Irq(KVM_S390_RESTART), Irq(KVM_S390_INT_CLOCK_COMP), Irq(KVM_S390_INT_CPU_TIMER),
        ExternalCall(0), ExternalCall(1), Emergency(0), Emergency(1), Emergency(2),
        Mchk(FilledMchk(1, kExigentCheck)), Mchk(FilledMchk(2, kRepressibleCheck)),
        Program(FilledPgm(1, 4, 0)), Program(FilledPgm(2, kPgmPer, 1)), PfaultInit(1, 2),
        SetPrefix(0x2000), Stop(0), Stop(1), Irq(KVM_S390_INT_VIRTIO)}) {
    calls.push_back(InjectCall(irq, vcpu));
  }
  calls.push_back(InterruptCall({KVM_S390_INT_EMERGENCY, 1, 0}, vcpu));
  calls.push_back(InterruptCall({KVM_S390_PROGRAM_INT, 6, 0}, vcpu));
  calls.push_back(GetCall(vcpu));
  calls.push_back(VcpuCall(VmCallKind::kGetIrqState, 2 * kIrqSize, vcpu));
  calls.push_back(SetCall({Emergency(1), Irq(KVM_S390_RESTART)}, vcpu));
  calls.push_back(SetCall({Program(FilledPgm(3, 7, 0)), Emergency(0), Emergency(2)}, vcpu));
  calls.push_back(SetCall({ExternalCall(1), Stop(1), SetPrefix(0x4000)}, vcpu));
  for (ResetKind kind : {ResetKind::kNormal, ResetKind::kInitial, ResetKind::kClear}) {
    calls.push_back(VcpuCall(VmCallKind::kReset, static_cast<uint64_t>(kind), vcpu));
  }
  for (uint32_t state : {KVM_MP_STATE_STOPPED, KVM_MP_STATE_OPERATING, KVM_MP_STATE_RUNNABLE}) {
    calls.push_back(VcpuCall(VmCallKind::kSetMpState, state, vcpu));
  }
  calls.push_back(VcpuCall(VmCallKind::kGetMpState, 0, vcpu));
  calls.push_back(VcpuCall(VmCallKind::kGetRegisters, 0, vcpu));
  calls.push_back(RegistersCall(OpenMasks(kPswAll), vcpu));
  calls.push_back(RegistersCall(PrefixOnly(0x6000), vcpu));
  calls.push_back(RegistersCall({}, vcpu));
  for (SigpOrder order :
       {SigpOrder::kSense, SigpOrder::kExternalCall, SigpOrder::kEmergencySignal, SigpOrder::kStart,
        SigpOrder::kStop, SigpOrder::kRestart, SigpOrder::kStopAndStoreStatus,
        SigpOrder::kInitialCpuReset, SigpOrder::kCpuReset, SigpOrder::kSetPrefix}) {
    calls.push_back(SigpCall(order, 1, vcpu));
  }
  return calls;
}

std::vector<VmCall> VcpuSetCalls() {
  return {VcpuCall(VmCallKind::kFindVcpu, 0, 2), VcpuCall(VmCallKind::kVcpuIds),
          VcpuCall(VmCallKind::kSnapshot), VcpuCall(VmCallKind::kCreateVcpu, 0, 0),
          VcpuCall(VmCallKind::kCreateVcpu, 0, 2)};
}

std::vector<VmCall> FloatingCalls(uint32_t vcpu) {
  return {
      VcpuCall(VmCallKind::kDeliver, 1, vcpu),
      VcpuCall(VmCallKind::kDeliver, 100, vcpu),
      VcpuCall(VmCallKind::kGetDeliverable, 0, vcpu),
      VcpuCall(VmCallKind::kStopIntercept, 0, vcpu),
      FloatCall({0x10000, 0x10001, 0x18000000}),
      FloatCall({KVM_S390_INT_SERVICE, 0x1000, 0}),
      FloatCall({KVM_S390_MCHK, 0x10000000, kRepressibleCheck}),
      VcpuCall(VmCallKind::kGetAllFloating),
      VcpuCall(VmCallKind::kClearFloating),
      VcpuCall(VmCallKind::kFloatingPending),
      VcpuCall(VmCallKind::kSetNewPsws, kPswAll),
      RegistersCall(OpenMasks(kPswAll), vcpu),
      RegistersCall(OpenMasks(kPswWaiting), vcpu),
  };
}

std::vector<StartState> StartStates() {
  const std::vector<VmCall> created = {VcpuCall(VmCallKind::kCreateVcpu, 0, 0),
                                       VcpuCall(VmCallKind::kCreateVcpu, 0, 1)};
  std::vector<StartState> states = {
      {"new", {}},
      {"running, data in the word",
       {SigpCall(SigpOrder::kStart, 1), InjectCall(Emergency(1)), InjectCall(ExternalCall(1))}},
      {"running, data in a node",
       {SigpCall(SigpOrder::kStart, 1), InjectCall(Mchk(FilledMchk(4, kRepressibleCheck))),
        InjectCall(Stop(1))}},
      {"run states are userspace's",
       {VcpuCall(VmCallKind::kSetMpState, KVM_MP_STATE_OPERATING), InjectCall(PfaultInit(3, 4)),
        InjectCall(Emergency(0)), InjectCall(Emergency(1))}},
      {"interrupts let through",
       {VcpuCall(VmCallKind::kSetNewPsws, kPswAll), SigpCall(SigpOrder::kStart, 1),
        RegistersCall(OpenMasks(kPswAll)), InjectCall(Emergency(1)),
        InjectCall(Irq(KVM_S390_RESTART))}},
  };
  for (StartState& state : states) {
    state.calls.insert(state.calls.begin(), created.begin(), created.end());
  }
  return states;
}

CallProgram RandomProgram(int threads, Random& random) {
  const std::vector<StartState> starts = StartStates();
  CallProgram program;
  program.start = starts[Below(starts.size(), random)].calls;
  // A few calls again and again meet more often than many different ones.
  const uint32_t vcpus = Below(2, random) ? 1 : 2;
  std::vector<VmCall> from;
  for (uint32_t id = 0; id < vcpus; ++id) {
    AddAll(LocalCalls(id), &from);
    if (Below(3, random) == 0) AddAll(FloatingCalls(id), &from);
  }
  std::vector<VmCall> chosen;
  for (uint64_t n = 3 + Below(6, random); n > 0; --n) chosen.push_back(AnyOf(from, random));
  if (Below(3, random) == 0) AddAll(VcpuSetCalls(), &chosen);
  const size_t most = (kMaxHistory - ClosingCalls().size()) / threads;
  const size_t length = std::min<size_t>(most, 1 + Below(threads <= 3 ? 8 : 4, random));
  for (int thread = 0; thread < threads; ++thread) {
    std::vector<VmCall> calls;
    for (size_t i = 0; i < length; ++i) {
      const uint32_t id = static_cast<uint32_t>(Below(vcpus, random));
      calls.push_back(Below(4, random) == 0 ? GetCall(id) : AnyOf(chosen, random));
    }
    program.threads.push_back(calls);
  }
  return program;
}

std::vector<VmCall> ClosingCalls() {
  std::vector<VmCall> calls = {VcpuCall(VmCallKind::kFindVcpu, 0, 2)};
  for (uint32_t id : {1, 0}) {
    calls.push_back(GetCall(id));
    calls.push_back(VcpuCall(VmCallKind::kGetMpState, 0, id));
    calls.push_back(VcpuCall(VmCallKind::kGetRegisters, 0, id));
    if (id == 0) continue;
    // Whether userspace controls run states, as a vCPU sees it that has not seen who took control.
    calls.push_back(VcpuCall(VmCallKind::kReset, 0, id));
    calls.push_back(SigpCall(SigpOrder::kStart, 0, id));
    calls.push_back(VcpuCall(VmCallKind::kReset, 0, id));
    calls.push_back(VcpuCall(VmCallKind::kGetMpState, 0, id));
  }
  calls.push_back(VcpuCall(VmCallKind::kFloatingPending));
  return calls;
}

}  // namespace irqd
