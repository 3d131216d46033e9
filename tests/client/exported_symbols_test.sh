#!/bin/bash
# The library shows the functions of its header and nothing else. $1: the library.
set -eu

expected='irqd_close
irqd_ioctl
irqd_open
irqd_vcpu_open
irqd_vm_open'
found=$(nm -D --defined-only "$1" | awk '{print $3}' | LC_ALL=C sort)
diff <(echo "$expected") <(echo "$found")
