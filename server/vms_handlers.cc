#include "server/vms_handlers.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "core/limits.h"
#include "server/messages.h"
#include "server/status.h"

namespace irqd {
namespace {

// AIP-158: the number of entries a page gets, and where it starts. Tokens are the last id of
// the page before, in decimal.
struct Page {
  size_t size = 0;
  bool first = true;
  uint64_t after = 0;  // not with `first`
};

template <typename Request>
grpc::Status ReadPage(const Request& request, Page* page) {
  if (request.page_size() < 0) return InvalidArgument("page_size", "is negative");
  page->size =
      request.page_size() == 0 ? kDefaultPageSize : std::min(request.page_size(), kMaxPageSize);
  page->first = request.page_token().empty();
  if (page->first) return grpc::Status::OK;
  if (request.page_token().size() > kMaxPageTokenLength ||
      !absl::SimpleAtoi(request.page_token(), &page->after)) {
    return InvalidArgument("page_token", "is none that this server gave");
  }
  return grpc::Status::OK;
}

// The vCPUs that a request asks for; ids that cannot be are left for the registry to find.
grpc::Status ReadVcpuIds(const v1::CreateVmRequest& request, const HostProfile& profile,
                         std::vector<uint32_t>* ids) {
  if (request.vcpu_count() != 0 && request.vcpu_ids_size() != 0) {
    return InvalidArgument("vcpu_count", "is given together with vcpu_ids; give one of them");
  }
  if (request.vcpu_count() > VcpuIdLimit(profile)) {
    return InvalidArgument(
        "vcpu_count", absl::StrCat(request.vcpu_count(), " is more than the ", VcpuIdLimit(profile),
                                   " vCPUs that this machine can have"));
  }
  if (request.vcpu_ids_size() > static_cast<int>(kMaxVcpuIds)) {
    return InvalidArgument("vcpu_ids", absl::StrCat("has ", request.vcpu_ids_size(),
                                                    " entries; the limit is ", kMaxVcpuIds));
  }
  ids->assign(request.vcpu_ids().begin(), request.vcpu_ids().end());
  if (request.vcpu_count() != 0) {
    ids->resize(request.vcpu_count());
    std::iota(ids->begin(), ids->end(), 0);
  }
  return grpc::Status::OK;
}

void WriteVcpu(Vcpu* vcpu, v1::Vcpu* message) {
  message->set_id(vcpu->id());
  message->set_mp_state(vcpu->GetMpState());
  message->set_pending(vcpu->pending());
}

// Why the registry made no VM of `spec`.
grpc::Status Refused(const VmRegistry::CreateVmResult& result, const VmSpec& spec,
                     const VmRegistry::Limits& limits) {
  switch (result.refusal) {
    case VmRegistry::Refusal::kBadName:
      return InvalidArgument(
          "name",
          absl::StrCat("'", Excerpt(spec.name, kMaxVmNameLength), "' is no VM name: 1 to ",
                       kMaxVmNameLength, " of a-z, 0-9 and '-', a letter first, no '-' last"));
    case VmRegistry::Refusal::kBadVcpuId:
      return InvalidArgument(
          absl::StrCat("vcpu_ids[", result.bad_vcpu_index, "]"),
          absl::StrCat(spec.vcpu_ids[result.bad_vcpu_index], " is given twice, or is not below ",
                       VcpuIdLimit(spec.profile), ", as ids of this machine are"));
    case VmRegistry::Refusal::kNameTaken:
      return AlreadyExists(kVmType, absl::StrCat("'", spec.name, "'"));
    case VmRegistry::Refusal::kTooManyVms:
      return LimitReached("max_vms", limits.max_vms);
    default:
      return LimitReached("max_vcpus", limits.max_vcpus);
  }
}

}  // namespace

grpc::Status VmsHandlers::CreateVm(const v1::CreateVmRequest& request, v1::Vm* response) {
  VmSpec spec;
  grpc::Status valid = ReadHostProfile(request.host_profile(), &spec.profile);
  if (valid.ok()) valid = ReadVcpuIds(request, spec.profile, &spec.vcpu_ids);
  if (!valid.ok()) return valid;
  spec.name = request.name();
  const VmRegistry::CreateVmResult result = registry_.CreateVm(spec);
  if (result.refusal != VmRegistry::Refusal::kNone) {
    return Refused(result, spec, registry_.limits());
  }
  WriteVm(result.vm, response);
  return grpc::Status::OK;
}

grpc::Status VmsHandlers::GetVm(const v1::GetVmRequest& request, v1::Vm* response) {
  uint64_t id = 0;
  grpc::Status valid = ResolveVm(registry_, request.vm(), &id);
  if (!valid.ok()) return valid;
  const VmRef vm = registry_.Find(id);
  if (!vm) return NotFound(kVmType, DescribeVm(request.vm()));
  WriteVm(InfoOf(*vm), response);
  return grpc::Status::OK;
}

grpc::Status VmsHandlers::ListVms(const v1::ListVmsRequest& request,
                                  v1::ListVmsResponse* response) {
  Page page;
  grpc::Status valid = ReadPage(request, &page);
  if (!valid.ok()) return valid;
  // One more than asked for tells whether there is another page.
  const std::vector<VmInfo> vms = registry_.List(page.after, page.size + 1);
  for (size_t i = 0; i < std::min(vms.size(), page.size); ++i) {
    WriteVm(vms[i], response->add_vms());
  }
  if (vms.size() > page.size) {
    response->set_next_page_token(absl::StrCat(vms[page.size - 1].id));
  }
  return grpc::Status::OK;
}

grpc::Status VmsHandlers::DeleteVm(const v1::DeleteVmRequest& request, google::protobuf::Empty*) {
  uint64_t id = 0;
  grpc::Status valid = ResolveVm(registry_, request.vm(), &id);
  if (!valid.ok()) return valid;
  if (!registry_.DeleteVm(id)) return NotFound(kVmType, DescribeVm(request.vm()));
  return grpc::Status::OK;
}

grpc::Status VmsHandlers::CreateVcpu(const v1::CreateVcpuRequest& request,
                                     v1::CreateVcpuResponse* response) {
  uint64_t id = 0;
  grpc::Status valid = ResolveVm(registry_, request.vm(), &id);
  if (!valid.ok()) return valid;
  const VmRegistry::CreateVcpuResult result = registry_.CreateVcpu(id, request.vcpu_id());
  switch (result.refusal) {
    case VmRegistry::Refusal::kNone:
      response->set_ret(result.ret);
      return grpc::Status::OK;
    case VmRegistry::Refusal::kNotFound:
      return NotFound(kVmType, DescribeVm(request.vm()));
    default:
      return LimitReached("max_vcpus", registry_.limits().max_vcpus);
  }
}

grpc::Status VmsHandlers::ListVcpus(const v1::ListVcpusRequest& request,
                                    v1::ListVcpusResponse* response) {
  uint64_t id = 0;
  Page page;
  grpc::Status valid = ResolveVm(registry_, request.vm(), &id);
  if (valid.ok()) valid = ReadPage(request, &page);
  if (!valid.ok()) return valid;
  const VmRef vm = registry_.Find(id);
  if (!vm) return NotFound(kVmType, DescribeVm(request.vm()));
  for (const uint32_t vcpu_id : vm->VcpuIds()) {
    if (!page.first && vcpu_id <= page.after) continue;
    if (response->vcpus_size() == static_cast<int>(page.size)) {
      response->set_next_page_token(absl::StrCat(response->vcpus().rbegin()->id()));
      break;
    }
    WriteVcpu(vm->FindVcpu(vcpu_id), response->add_vcpus());
  }
  return grpc::Status::OK;
}

}  // namespace irqd
