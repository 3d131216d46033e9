"""Vms: making and finding VMs and vCPUs."""

from __future__ import annotations

from typing import Any, Iterable, Optional, Union

from irqd._calls.call import Call, nothing, vm_ref
from irqd.errors import check
from irqd.types import HostProfile, VcpuInfo, VmInfo
from irqd.v1 import resources_pb2, vms_pb2

_PAGE = 1000

VmPage = tuple[list[VmInfo], str]
VcpuPage = tuple[list[VcpuInfo], str]


def profile_message(profile: Optional[HostProfile]) -> Optional[resources_pb2.HostProfile]:
    if profile is None:
        return None
    message = resources_pb2.HostProfile(kernel=profile.kernel)
    for name in ("sigp_interpretation", "extended_sca", "gisa"):
        value = getattr(profile, name)
        if value is not None:
            setattr(message, name, value)
    return message


def _vm_info(vm: Any) -> VmInfo:
    host = vm.host_profile
    profile = HostProfile(host.kernel, host.sigp_interpretation, host.extended_sca, host.gisa)
    return VmInfo(vm.id, vm.name, profile, vm.vcpu_count, vm.floating_pending)


def create_vm(name: str, profile: Optional[HostProfile], vcpu_ids: Iterable[int],
              vcpu_count: int) -> Call[VmInfo]:
    request = vms_pb2.CreateVmRequest(
        name=name, host_profile=profile_message(profile), vcpu_ids=vcpu_ids,
        vcpu_count=vcpu_count)
    return Call("Vms", "CreateVm", request, _vm_info)


def get_vm(vm: Union[int, str]) -> Call[VmInfo]:
    ref = resources_pb2.VmRef(name=vm) if isinstance(vm, str) else vm_ref(vm)
    return Call("Vms", "GetVm", vms_pb2.GetVmRequest(vm=ref), _vm_info)


def list_vms(page_token: str) -> Call[VmPage]:
    request = vms_pb2.ListVmsRequest(page_size=_PAGE, page_token=page_token)
    return Call("Vms", "ListVms", request,
                lambda page: ([_vm_info(vm) for vm in page.vms], page.next_page_token))


def delete_vm(vm_id: int) -> Call[None]:
    return Call("Vms", "DeleteVm", vms_pb2.DeleteVmRequest(vm=vm_ref(vm_id)), nothing)


def create_vcpu(vm_id: int, vcpu_id: int) -> Call[int]:
    request = vms_pb2.CreateVcpuRequest(vm=vm_ref(vm_id), vcpu_id=vcpu_id)
    return Call("Vms", "CreateVcpu", request, lambda got: check("KVM_CREATE_VCPU", got.ret))


def list_vcpus(vm_id: int, page_token: str) -> Call[VcpuPage]:
    request = vms_pb2.ListVcpusRequest(
        vm=vm_ref(vm_id), page_size=_PAGE, page_token=page_token)

    def read(page: Any) -> VcpuPage:
        vcpus = [VcpuInfo(vcpu.id, vcpu.mp_state, vcpu.pending) for vcpu in page.vcpus]
        return vcpus, page.next_page_token

    return Call("Vms", "ListVcpus", request, read)
