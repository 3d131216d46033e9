"""fill.py TARGET VCPUS: fills a server with so many vCPUs, 8 interrupts pending on each.

For a server that may hold no more of them. Ends with an error unless every interrupt is there, and
a vCPU more is refused.
"""

import sys

import grpc
import irqd

OF_A_VM = 248  # as many as there can be
PENDING = [irqd.Irq(irqd.KVM_S390_INT_EMERGENCY, irqd.Emerg(code=code)) for code in range(8)]


def fill(client, count):
    vms = []
    while count > 0:
        vm = client.create_vm(vcpu_count=min(count, OF_A_VM))
        count -= min(count, OF_A_VM)
        ids = [info.id for info in vm.list_vcpus()]
        refused = [ret for ret in vm.set_irq_states(dict.fromkeys(ids, PENDING)).values() if ret]
        if refused:
            raise SystemExit("%s: refused with %s" % (vm, refused))
        vms.append(vm)
    return vms


def read_back(vms):
    found = 0
    for vm in vms:
        for vcpu in vm.get_irq_states():
            if vcpu.irqs() != PENDING:
                raise SystemExit("vCPU %d of %s: %s" % (vcpu.vcpu_id, vm, vcpu.irqs()))
            found += 1
    return found


def expect_refusal(client):
    try:
        client.create_vm(vcpu_count=1)
    except grpc.RpcError as error:
        if error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED:
            return
        raise
    raise SystemExit("one vCPU too many is not refused")


def main():
    target, count = sys.argv[1], int(sys.argv[2])
    with irqd.connect(target) as client:
        vms = fill(client, count)
        expect_refusal(client)
        print("%d vCPUs, %d VMs" % (read_back(vms), len(vms)))


if __name__ == "__main__":
    main()
