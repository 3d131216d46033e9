#!/bin/bash
# deploy/demo with the real programs and the recorded interrupts.
source tests/scripts/check.sh

export TMPDIR=$scratch
timeout 30 deploy/demo deploy/programs/irqd deploy/programs/irqctl tests/testdata/named.jsonl \
  >"$scratch/out" 2>&1 || fail "exit code $?: $(cat "$scratch/out")"

cat "$scratch/out"
grep -q "INT_EMERGENCY *248 " "$scratch/out" || fail "no row for the emergency signals"
expect_last_line "$scratch/out" "identical: 18432 bytes, 256 interrupts"
[ -z "$(find "$scratch" -name "irqd-quickstart*")" ] || fail "files left behind"
