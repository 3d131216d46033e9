// The table of README.md in C++, with the classes of client/kvm.h.
//
//   table 127.0.0.1:50051
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/connection.h"
#include "client/kvm.h"
#include "core/irq_codec.h"
#include "core/kvm_s390.h"
#include "core/local_irq.h"

namespace {

using irqd::IrqState;
using irqd::VcpuClient;

constexpr uint64_t kNeverWas = std::numeric_limits<uint64_t>::max();

// The value of a call that reached the kernel. The kernel's errnos are values like others.
template <typename T>
T Get(absl::StatusOr<T> answer) {
  if (!answer.ok()) {
    std::cerr << answer.status() << '\n';
    std::exit(1);
  }
  return *std::move(answer);
}

kvm_s390_irq BadStop() {
  kvm_s390_irq irq = {};
  irq.type = KVM_S390_SIGP_STOP;
  irq.u.stop.flags = 0x80000000;
  return irq;
}

kvm_s390_irq Emergency(uint16_t from) {
  kvm_s390_irq irq = {};
  irq.type = KVM_S390_INT_EMERGENCY;
  irq.u.emerg.code = from;
  return irq;
}

kvm_s390_irq ExternalCall(uint16_t from) {
  kvm_s390_irq irq = {};
  irq.type = KVM_S390_INT_EXTERNAL_CALL;
  irq.u.extcall.code = from;
  return irq;
}

kvm_s390_irq MachineCheck() {
  kvm_s390_irq irq = {};
  irq.type = KVM_S390_MCHK;
  irq.u.mchk.cr14 = 1ull << 28;
  irq.u.mchk.mcic = 1ull << 62;
  irq.u.mchk.ext_damage_code = 0xffffffff;
  irq.u.mchk.pad = 0x6e3d0ede;
  absl::HexStringToBytes("9889c330ffd225c9bdc73960b799895a")
      .copy(reinterpret_cast<char*>(irq.u.mchk.fixed_logout), 16);
  return irq;
}

kvm_s390_irq Program() {
  kvm_s390_irq irq = {};
  irq.type = KVM_S390_PROGRAM_INT;
  irq.u.pgm.mon_code = 0x8000;
  irq.u.pgm.per_address = 0x166e6a9c7b7dc9cb;
  irq.u.pgm.data_exc_code = 0xa609ca;
  irq.u.pgm.code = 0x10;
  irq.u.pgm.mon_class_nr = 0xdea1;
  irq.u.pgm.per_code = 0x3e;
  irq.u.pgm.per_atmid = 0x8c;
  irq.u.pgm.exc_access_id = 0x86;
  irq.u.pgm.per_access_id = 0xa7;
  irq.u.pgm.op_access_id = 0x73;
  irq.u.pgm.pad[0] = 0x4c;
  irq.u.pgm.pad[1] = 0x01;
  return irq;
}

// As s390x memory holds them; the records themselves are in host byte order.
std::string Images(absl::Span<const kvm_s390_irq> irqs) {
  std::string images(irqs.size() * irqd::kIrqSize, '\0');
  uint8_t* image = reinterpret_cast<uint8_t*>(&images[0]);
  for (const kvm_s390_irq& irq : irqs) {
    irqd::EncodeIrq(irq, image);
    image += irqd::kIrqSize;
  }
  return absl::BytesToHexString(images);
}

std::string Pending(const VcpuClient& vcpu) { return Images(Get(vcpu.GetIrqState()).irqs); }

void Create(const irqd::VmClient& vm) {
  const int first = Get(vm.CreateVcpu(31));
  std::cout << "create first=" << first << " again=" << Get(vm.CreateVcpu(31)) << '\n';
}

void Inject(const VcpuClient& vcpu) {
  std::vector<int> ret;
  for (const kvm_s390_irq& irq : {BadStop(), Emergency(31), MachineCheck(), Program()}) {
    ret.push_back(Get(vcpu.S390Irq(irq)));
  }
  std::cout << "inject ret=" << absl::StrJoin(ret, ",") << '\n';
}

std::vector<kvm_s390_irq> GetTwice(const VcpuClient& vcpu) {
  const IrqState small = Get(vcpu.GetIrqState(2 * irqd::kIrqSize));
  const IrqState large = small.ret == -ENOBUFS ? Get(vcpu.GetIrqState()) : small;
  std::cout << "get small=" << small.ret << " fitted=" << Images(small.irqs)
            << " large=" << large.ret << " all=" << Images(large.irqs) << '\n';
  return large.irqs;
}

void SetWhereBusy(const VcpuClient& vcpu, absl::Span<const kvm_s390_irq> irqs) {
  const int busy = Get(vcpu.SetIrqState(irqs));
  std::cout << "set ret=" << busy << " kept=" << Pending(vcpu) << '\n';
}

void Move(const irqd::KvmClient& kvm, const VcpuClient& from, absl::Span<const kvm_s390_irq> irqs) {
  const irqd::VmClient vm = Get(kvm.CreateVm("", {2, 3, 31}));
  const VcpuClient to = vm.Vcpu(2);
  const int set = Get(to.SetIrqState(irqs));
  const std::string there = Pending(to);
  const int reset = Get(from.Reset(irqd::ResetKind::kNormal));
  std::cout << "move set=" << set << " there=" << there << " reset=" << reset
            << " here=" << Get(from.GetIrqState()).ret << '\n';
  vm.Delete().IgnoreError();
}

void Stream(const irqd::VmClient& vm) {
  const std::unique_ptr<irqd::IrqStream> stream = vm.Batch().OpenStream();
  const irqd::VcpuIrq irqs[] = {{31, Emergency(2)}, {31, ExternalCall(3)}};
  // Two are under way; who sends many reads meanwhile.
  for (int message = 0; message < 2; ++message) stream->Write(irqs);
  stream->WritesDone();
  std::vector<std::string> answers;
  std::vector<int32_t> ret;
  while (stream->Read(&ret)) answers.push_back(absl::StrJoin(ret, ","));
  if (const absl::Status status = stream->Finish(); !status.ok()) std::cerr << status << '\n';
  std::cout << "stream ret=" << absl::StrJoin(answers, ";") << " pending=" << Pending(vm.Vcpu(31))
            << '\n';
}

std::string Code(const absl::Status& status) { return absl::StatusCodeToString(status.code()); }

void Deadline(const irqd::KvmClient& kvm, const std::string& free) {
  irqd::CallOptions past;
  past.timeout = -absl::Seconds(1);
  const absl::Status late = kvm.WithOptions(past).CreateVm(free).status();
  std::cout << "deadline status=" << Code(late)
            << "\nuntouched status=" << Code(kvm.OpenVm(free).status()) << '\n';
}

void Unknown(const std::shared_ptr<irqd::Connection>& connection) {
  const VcpuClient nobody(connection, {kNeverWas, 0});
  std::cout << "unknown status=" << Code(nobody.GetIrqState().status()) << "\ndetails n/a\n";
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: table TARGET\n";
    return 2;
  }
  const std::shared_ptr<irqd::Connection> connection = Get(irqd::Connect(argv[1]));
  const irqd::KvmClient kvm(connection);
  const irqd::VmClient vm = Get(kvm.CreateVm("", {2, 3}));
  Create(vm);
  Inject(vm.Vcpu(2));
  const std::vector<kvm_s390_irq> irqs = GetTwice(vm.Vcpu(2));
  SetWhereBusy(vm.Vcpu(2), irqs);
  Move(kvm, vm.Vcpu(2), irqs);
  Stream(vm);
  Deadline(kvm, absl::StrCat("late-", vm.id()));
  Unknown(connection);
  return vm.Delete().ok() ? 0 : 1;
}
