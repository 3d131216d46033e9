#!/bin/bash
# deploy/demo with an irqd and an irqctl that only move files: what it compares, and that it always
# stops the server.
source tests/scripts/check.sh

export FAKE=$scratch TMPDIR=$scratch/tmp
mkdir "$TMPDIR"
irqd=$scratch/irqd
irqctl=$scratch/irqctl

# Two records: "ab..." and "cd...", after a scenario that must not be taken.
record() { printf "%0.s$1" {1..72}; }
hex=$(record ab)$(record cd)
vectors=$scratch/vectors
set=KVM_S390_SET_IRQ_STATE
cat >"$vectors" <<END
{"name":"other","steps":[{"op":"$set","buf":"$(record ee)"}]}
{"name":"fullest-state-that-round-trips","steps":[{"op":"other"},{"op":"$set","buf":"$hex"}]}
END

good_irqd() {
  stand_in "$irqd" <<'END'
echo $$ >"$FAKE/pid"
echo "127.0.0.1:4711" >"${2#--ready_file=}"
exec sleep 1000
END
}

good_irqctl() {
  stand_in "$irqctl" <<'END'
if [ "$1" = decode ]; then
  echo "a table"
  exit
fi
[ "$1 $2" = "--target 127.0.0.1:4711" ] || exit 2
shift 2
case $1 in
  set) [ "$6" = raw ] && cp "$4" "$FAKE/$2" || printf "$(sed "s/../\\\\x&/g" "$4")" >"$FAKE/$2" ;;
  get) cp "$FAKE/$2" "$7" ;;
esac
END
}

# run ARGUMENT...: runs it with what is in place.
run() {
  rm -f "$scratch/pid" "$scratch/source" "$scratch/destination"
  code=0
  deploy/demo "$@" "$irqd" "$irqctl" "$vectors" >"$scratch/out" 2>&1 || code=$?
}

expect_stopped() {
  ! kill -0 "$(cat "$scratch/pid")" 2>/dev/null || fail "the server still runs"
  [ -z "$(ls "$TMPDIR")" ] || fail "left behind: $(ls "$TMPDIR")"
}

echo "== all is well"
good_irqd
good_irqctl
run
[ "$code" = 0 ] || fail "exit code $code: $(cat "$scratch/out")"
expect_line "$scratch/out" "a table"
expect_last_line "$scratch/out" "identical: 144 bytes, 2 interrupts"
expect_stopped

echo "== --keep"
run --keep
[ "$code" = 0 ] || fail "exit code $code: $(cat "$scratch/out")"
expect_last_line "$scratch/out" "identical: 144 bytes, 2 interrupts"
pid=$(cat "$scratch/pid")
kill -0 "$pid" || fail "the server does not run"
expect_line "$scratch/out" "  $irqctl --target 127.0.0.1:4711 vm list"
expect_line "$scratch/out" "  kill $pid"
kill "$pid"
rm -rf "${TMPDIR:?}"/*

echo "== something is lost on the way"
# shellcheck disable=SC2016  # for the stand-in to expand
sed -i 's/get) cp .*/get) head -c 72 "$FAKE\/$2" >"$7" ;;/' "$irqctl"
run
[ "$code" != 0 ] || fail "exit code 0"
expect_no "$scratch/out" identical:
expect_stopped

echo "== irqctl fails"
stand_in "$irqctl" <<<'echo "irqctl: no" >&2; exit 1'
run --keep
[ "$code" != 0 ] || fail "exit code 0"
expect_line "$scratch/out" "irqctl: no"
expect_stopped

echo "== irqd does not start"
good_irqctl
stand_in "$irqd" <<'END'
echo $$ >"$FAKE/pid"
echo "irqd: port taken" >&2
exit 1
END
run
[ "$code" != 0 ] || fail "exit code 0"
expect_line "$scratch/out" "irqd: port taken"
expect_line "$scratch/out" "quickstart: irqd did not start"
expect_stopped

echo "== stopped from outside"
good_irqd
stand_in "$irqctl" <<'END'
kill "$PPID"
END
run
[ "$code" = 143 ] || fail "exit code $code"
expect_stopped

echo "== vectors without the scenario"
echo '{"name":"other","steps":[]}' >"$vectors"
run
[ "$code" != 0 ] || fail "exit code 0"
grep -q "has no scenario" "$scratch/out" || fail "no clear error: $(cat "$scratch/out")"
