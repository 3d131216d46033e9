#!/bin/bash
# The library shows the functions of its headers and nothing else. $1: the library.
set -eu

expected='irqd_close
irqd_ioctl
irqd_open
irqd_vcpu_deliver
irqd_vcpu_get_register
irqd_vcpu_has_irq
irqd_vcpu_open
irqd_vcpu_set_register
irqd_vcpu_sigp
irqd_vcpu_stop_intercept
irqd_vm_get_register
irqd_vm_open
irqd_vm_set_register'
found=$(nm -D --defined-only "$1" | awk '{print $3}' | LC_ALL=C sort)
diff <(echo "$expected") <(echo "$found")
