"""pytest fixtures: a server for the session, and VMs that are gone after each test.

    def test_restart_is_pending(vcpu):
        vcpu.inject(irqd.Irq(irqd.KVM_S390_RESTART))
        assert vcpu.get_irq_state() == [irqd.Irq(irqd.KVM_S390_RESTART)]

IRQD_TARGET is the address of a server that runs already; otherwise IRQD_BINARY, or irqd on the
PATH, is started once for the session. On a server of the session's own all VMs that a test leaves
are deleted, whoever made them; on another one those that the test made with irqd_client.
"""

from __future__ import annotations

import dataclasses
import os
from typing import Iterable, Iterator, Optional

import grpc
import pytest

import irqd
from irqd._calls import vms


@dataclasses.dataclass(frozen=True)
class RunningServer:
    """What irqd_server is: `irqd.connect(irqd_server.target)`, or irqd.aio's."""

    target: str
    is_own: bool  # started for this session: no VM on it is anybody else's


class _TestClient(irqd.Client):
    """Remembers what is made with it."""

    def __init__(self, channel: grpc.Channel, timeout: Optional[float],
                 made: list[irqd.Vm]) -> None:
        super().__init__(channel, timeout)
        self.made = made

    def with_timeout(self, timeout: Optional[float]) -> irqd.Client:
        return _TestClient(self._channel, timeout, self.made)

    def create_vm(self, name: str = "", *, host_profile: Optional[irqd.HostProfile] = None,
                  vcpu_ids: Iterable[int] = (), vcpu_count: int = 0) -> irqd.Vm:
        vm = super().create_vm(
            name, host_profile=host_profile, vcpu_ids=vcpu_ids, vcpu_count=vcpu_count)
        self.made.append(vm)
        return vm


def _delete(client: irqd.Client, vm_id: int) -> None:
    try:
        client._run(vms.delete_vm(vm_id))
    except grpc.RpcError as error:
        if error.code() is not grpc.StatusCode.NOT_FOUND:  # the test itself may have deleted it
            raise


@pytest.fixture(scope="session")
def irqd_server() -> Iterator[RunningServer]:
    """A server: its `target` is what irqd.connect() and other programs take."""
    target = os.environ.get("IRQD_TARGET")
    if target:
        yield RunningServer(target, is_own=False)
        return
    try:
        server = irqd.Server()
    except (OSError, RuntimeError) as error:
        pytest.fail(str(error), pytrace=False)
    with server:
        yield RunningServer(server.target, is_own=True)


@pytest.fixture(autouse=True)
def _irqd_reset(request: pytest.FixtureRequest) -> Iterator[None]:
    """Around each test that uses the server: deletes what it leaves on one of our own."""
    if "irqd_server" not in request.fixturenames:
        yield
        return
    server: RunningServer = request.getfixturevalue("irqd_server")
    if not server.is_own:
        yield
        return
    with irqd.connect(server.target) as client:
        # Those of fixtures that outlive a test stay.
        before = {vm.id for vm in client.list_vms()}
        yield
        for vm in client.list_vms():
            if vm.id not in before:
                _delete(client, vm.id)


@pytest.fixture
def irqd_client(irqd_server: RunningServer) -> Iterator[irqd.Client]:
    """A connection; the VMs that the test makes with it are deleted after the test."""
    with irqd.connect(irqd_server.target) as plain:
        client = _TestClient(plain._channel, None, [])
        yield client
        for vm in client.made:
            # Not by its own connection, which may have a deadline.
            _delete(plain, vm.id)


@pytest.fixture
def vm(irqd_client: irqd.Client) -> irqd.Vm:
    """A VM of the default profile, without vCPUs."""
    return irqd_client.create_vm()


@pytest.fixture
def vcpu(vm: irqd.Vm) -> irqd.Vcpu:
    """vCPU 0 of `vm`, stopped as new ones are."""
    return vm.create_vcpu(0)
