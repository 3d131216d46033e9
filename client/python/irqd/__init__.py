"""irqd: simulated s390 vCPUs whose pending interrupts are as Linux's KVM has them.

    client = irqd.connect("127.0.0.1:50051")
    vcpu = client.create_vm().create_vcpu(0)
    vcpu.inject(irqd.Irq(irqd.KVM_S390_RESTART))
    image = bytes(vcpu.get_irq_state())  # 72 bytes, as s390x memory holds them

irqd.aio is the same for asyncio, irqd.Server a server of one's own; pytest finds the fixtures
irqd_server, irqd_client, vm and vcpu by itself.
"""

from irqd import aio as aio
from irqd.client import Client as Client, Vcpu as Vcpu, Vm as Vm, connect as connect
from irqd.errors import IoctlError as IoctlError
from irqd.irq import (Emerg as Emerg, Ext as Ext, Extcall as Extcall, Io as Io, Irq as Irq,
                      Mchk as Mchk, Member as Member, Pgm as Pgm, Prefix as Prefix, Stop as Stop)
from irqd.irq_state import IrqState as IrqState
from irqd.kvm import *
from irqd.server import Server as Server
from irqd.types import *
