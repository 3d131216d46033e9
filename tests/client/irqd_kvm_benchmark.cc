// What an ioctl costs on a simulation in this process, and what its parts cost.
//
//   bazel run -c opt //tests/client:irqd_kvm_benchmark
#include <benchmark/benchmark.h>
#include <sys/stat.h>

#include "client/connection.h"
#include "client/user_memory.h"
#include "core/irq_codec.h"
#include "tests/client/ioctl.h"

namespace irqd {
namespace {

// One vCPU with an emergency signal pending.
struct Machine {
  Machine() {
    Inject(vcpu, KVM_S390_INT_EMERGENCY, 0);
    Check(Get(vcpu, &irq, sizeof(irq)) == 72);
  }
  ~Machine() {
    for (const int fd : {vcpu, vm, kvm}) irqd_close(fd);
  }
  static void Check(bool good) {
    if (!good) std::abort();
  }

  const int kvm = irqd_open("inproc:", nullptr);
  const int vm = Ioctl(kvm, KVM_CREATE_VM);
  const int vcpu = Ioctl(vm, KVM_CREATE_VCPU, 0);
  kvm_s390_irq irq = MakeIrq(KVM_S390_INT_EMERGENCY);
};

Machine& TheMachine() {
  static Machine machine;
  return machine;
}

void BM_IoctlIrq(benchmark::State& state) {
  kvm_s390_irq irq = MakeIrq(KVM_S390_INT_EMERGENCY);
  const int vcpu = TheMachine().vcpu;
  for (auto _ : state) Machine::Check(Ioctl(vcpu, KVM_S390_IRQ, &irq) == 0);
}
BENCHMARK(BM_IoctlIrq)->ThreadRange(1, 2)->UseRealTime();

void BM_IoctlGetOne(benchmark::State& state) {
  kvm_s390_irq irq;
  const int vcpu = TheMachine().vcpu;
  for (auto _ : state) Machine::Check(Get(vcpu, &irq, sizeof(irq)) == 72);
}
BENCHMARK(BM_IoctlGetOne)->ThreadRange(1, 2)->UseRealTime();

// No memory is looked at: the way to the vCPU and back.
void BM_IoctlGetMpState(benchmark::State& state) {
  const int vcpu = TheMachine().vcpu;
  for (auto _ : state) Machine::Check(Ioctl(vcpu, KVM_GET_MP_STATE) == KVM_MP_STATE_STOPPED);
}
BENCHMARK(BM_IoctlGetMpState);

// The parts: the system call that identifies a descriptor, and one copy of a record.
void BM_Fstat(benchmark::State& state) {
  struct stat file;
  for (auto _ : state) Machine::Check(fstat(TheMachine().vcpu, &file) == 0);
}
BENCHMARK(BM_Fstat);

void BM_CopyFromUser(benchmark::State& state) {
  const kvm_s390_irq from = MakeIrq(KVM_S390_RESTART);
  kvm_s390_irq to;
  for (auto _ : state) {
    Machine::Check(CopyFromUser(&to, reinterpret_cast<uintptr_t>(&from), sizeof(to)) == 0);
  }
}
BENCHMARK(BM_CopyFromUser);

// The same two calls without descriptors and foreign memory.
class Inproc : public benchmark::Fixture {
 public:
  void SetUp(const benchmark::State&) override {
    VmSpec spec;
    spec.vcpu_ids = {0};
    vcpu_.vm_id = connection_->CreateVm(spec, options_)->id;
    EncodeIrq(MakeIrq(KVM_S390_INT_EMERGENCY), reinterpret_cast<uint8_t*>(&record_[0]));
    Machine::Check(*connection_->S390Irq(vcpu_, record_, options_) == 0);
  }

 protected:
  const std::shared_ptr<Connection> connection_ = *Connect("inproc:");
  const CallOptions options_;
  VcpuAddress vcpu_;
  std::string record_ = std::string(kIrqSize, '\0');
};

BENCHMARK_F(Inproc, S390Irq)(benchmark::State& state) {
  for (auto _ : state) Machine::Check(*connection_->S390Irq(vcpu_, record_, options_) == 0);
}

BENCHMARK_F(Inproc, GetIrqState)(benchmark::State& state) {
  for (auto _ : state) {
    Machine::Check(connection_->GetIrqState(vcpu_, kIrqSize, options_)->ret == kIrqSize);
  }
}

}  // namespace
}  // namespace irqd

BENCHMARK_MAIN();
