#include "client/inproc_connection.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "client/inproc_calls.h"
#include "core/irq_codec.h"
#include "core/limits.h"
#include "core/local_irq.h"

namespace irqd {
namespace {

absl::Status LimitReached(absl::string_view limit, uint64_t value) {
  return absl::ResourceExhaustedError(absl::StrCat(limit, ": the limit of ", value, " is reached"));
}

// Why the registry did not make a VM of `spec`.
absl::Status Refused(const VmRegistry::CreateVmResult& result, const VmSpec& spec,
                     const VmRegistry::Limits& limits) {
  switch (result.refusal) {
    case VmRegistry::Refusal::kBadName:
      return absl::InvalidArgumentError(
          absl::StrCat("name: '", spec.name.substr(0, kMaxVmNameLength), "' is no VM name: 1 to ",
                       kMaxVmNameLength, " of a-z, 0-9 and '-', a letter first, no '-' last"));
    case VmRegistry::Refusal::kBadVcpuId:
      return absl::InvalidArgumentError(absl::StrCat(
          "vcpu_ids[", result.bad_vcpu_index, "]: ", spec.vcpu_ids[result.bad_vcpu_index],
          " is given twice, or is not below ", VcpuIdLimit(spec.profile),
          ", as ids of this machine are"));
    case VmRegistry::Refusal::kNameTaken:
      return absl::AlreadyExistsError(absl::StrCat("irqd.v1.Vm '", spec.name, "' exists already"));
    case VmRegistry::Refusal::kTooManyVms:
      return LimitReached("max_vms", limits.max_vms);
    default:
      return LimitReached("max_vcpus", limits.max_vcpus);
  }
}

}  // namespace

absl::StatusOr<VmInfo> InprocConnection::CreateVm(const VmSpec& spec, const CallOptions&) {
  VmRegistry::CreateVmResult result = registry_.CreateVm(spec);
  if (result.refusal != VmRegistry::Refusal::kNone) {
    return Refused(result, spec, registry_.limits());
  }
  return std::move(result.vm);
}

absl::StatusOr<VmInfo> InprocConnection::GetVm(uint64_t id, const CallOptions&) {
  const VmRef vm = registry_.Find(id);
  if (!vm) return NoVm(absl::StrCat(id));
  return InfoOf(*vm);
}

absl::StatusOr<VmInfo> InprocConnection::FindVm(absl::string_view name,
                                                const CallOptions& options) {
  absl::StatusOr<VmInfo> vm = GetVm(registry_.FindId(name), options);
  if (!vm.ok()) return NoVm(absl::StrCat("'", name.substr(0, kMaxVmNameLength), "'"));
  return vm;
}

absl::StatusOr<std::vector<VmInfo>> InprocConnection::ListVms(const CallOptions&) {
  return registry_.List(0, std::numeric_limits<size_t>::max());
}

absl::Status InprocConnection::DeleteVm(uint64_t id, const CallOptions&) {
  return registry_.DeleteVm(id) ? absl::OkStatus() : NoVm(absl::StrCat(id));
}

absl::StatusOr<int32_t> InprocConnection::CreateVcpu(const VcpuAddress& vcpu, const CallOptions&) {
  const VmRegistry::CreateVcpuResult result = registry_.CreateVcpu(vcpu.vm_id, vcpu.vcpu_id);
  switch (result.refusal) {
    case VmRegistry::Refusal::kNone:
      return result.ret;
    case VmRegistry::Refusal::kNotFound:
      return NoVm(absl::StrCat(vcpu.vm_id));
    default:
      return LimitReached("max_vcpus", registry_.limits().max_vcpus);
  }
}

absl::StatusOr<std::vector<VcpuInfo>> InprocConnection::ListVcpus(uint64_t vm_id,
                                                                  const CallOptions&) {
  const VmRef vm = registry_.Find(vm_id);
  if (!vm) return NoVm(absl::StrCat(vm_id));
  std::vector<VcpuInfo> vcpus;
  for (const uint32_t id : vm->VcpuIds()) {
    Vcpu& vcpu = *vm->FindVcpu(id);
    vcpus.push_back({id, static_cast<uint32_t>(vcpu.GetMpState()), vcpu.pending()});
  }
  return vcpus;
}

absl::StatusOr<GetIrqStateReply> InprocConnection::GetIrqState(const VcpuAddress& vcpu,
                                                               uint32_t len, const CallOptions&) {
  return OnVcpu<GetIrqStateReply>(registry_, vcpu, [&](Vm&, Vcpu& found) {
    GetIrqStateReply reply;
    reply.ret = static_cast<int32_t>(found.GetIrqState(len, &reply.buf));
    return reply;
  });
}

absl::StatusOr<int32_t> InprocConnection::SetIrqState(const VcpuAddress& vcpu, uint32_t len,
                                                      absl::string_view buf, const CallOptions&) {
  if (buf.size() > kMaxIrqStateBuf) {
    return absl::InvalidArgumentError(
        absl::StrCat("buf: is ", buf.size(), " bytes long; the limit is ", kMaxIrqStateBuf));
  }
  using Result = absl::StatusOr<int32_t>;
  return OnVcpu<int32_t>(registry_, vcpu, [&](Vm& vm, Vcpu& found) -> Result {
    if (buf.size() < len && CheckSetIrqStateLen(vm.profile(), len) == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("buf: is ", buf.size(), " bytes long, but arg.len is ", len));
    }
    return found.SetIrqState(len, absl::MakeSpan(Bytes(buf), buf.size()));
  });
}

absl::StatusOr<int32_t> InprocConnection::S390Irq(const VcpuAddress& vcpu, absl::string_view record,
                                                  const CallOptions&) {
  if (record.size() != kIrqSize) {
    return absl::InvalidArgumentError(absl::StrCat(
        "record: is ", record.size(), " bytes long; struct kvm_s390_irq has ", kIrqSize));
  }
  return OnVcpu<int32_t>(registry_, vcpu,
                         [&](Vm&, Vcpu& found) { return found.S390Irq(DecodeIrq(Bytes(record))); });
}

absl::StatusOr<int32_t> InprocConnection::S390Interrupt(const VcpuAddress& vcpu,
                                                        const kvm_s390_interrupt& interrupt,
                                                        const CallOptions&) {
  return OnVcpu<int32_t>(registry_, vcpu,
                         [&](Vm&, Vcpu& found) { return found.S390Interrupt(interrupt); });
}

absl::StatusOr<int32_t> InprocConnection::Reset(const VcpuAddress& vcpu, ResetKind kind,
                                                const CallOptions&) {
  return OnVcpu<int32_t>(registry_, vcpu, [&](Vm&, Vcpu& found) { return found.Reset(kind); });
}

absl::StatusOr<int32_t> InprocConnection::SetMpState(const VcpuAddress& vcpu, uint32_t mp_state,
                                                     const CallOptions&) {
  return OnVcpu<int32_t>(registry_, vcpu,
                         [&](Vm&, Vcpu& found) { return found.SetMpState(mp_state); });
}

absl::StatusOr<int32_t> InprocConnection::GetMpState(const VcpuAddress& vcpu, const CallOptions&) {
  return OnVcpu<int32_t>(registry_, vcpu, [](Vm&, Vcpu& found) { return found.GetMpState(); });
}

absl::StatusOr<int32_t> InprocConnection::CheckExtension(const HostProfile& profile,
                                                         uint64_t extension, const CallOptions&) {
  return irqd::CheckExtension(profile, extension);
}

absl::StatusOr<bool> InprocConnection::IsServing(const CallOptions&) { return true; }

}  // namespace irqd
