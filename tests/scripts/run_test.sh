#!/bin/bash
# tests/run with a Bazel that only writes events: what it asks for, counts, and exits with.
source tests/scripts/check.sh

tree=$scratch/tree
mkdir -p "$tree/tests" "$scratch/bin"
cp tests/run tests/count_cases.py "$tree/tests/"
stand_in "$tree/bazel/install" <<'END'
echo "$@" >"$FAKE/install"
END
stand_in "$tree/bazel/s390x_sysroot" <<<'exit "$(cat "$FAKE/sysroot_code" 2>/dev/null || echo 0)"'
cp bazel/cache "$tree/bazel/"

export FAKE=$scratch PATH=$scratch/bin:$PATH
# Answers with the events and the exit code that the case below has put there.
stand_in "$scratch/bin/bazel" <<'END'
printf '%s\n' "$PWD" "$@" >"$FAKE/asked"
for argument in "$@"; do
  case $argument in
    --build_event_json_file=*) cp "$FAKE/events" "${argument#*=}" ;;
  esac
done
exit "$(cat "$FAKE/code")"
END

stand_in "$tree/tests/fuzz/run" <<'END'
echo "$1" >"$FAKE/fuzzed"
echo "a fuzzer's words"
exit "$(cat "$FAKE/fuzz_code" 2>/dev/null || echo 0)"
END

stand_in "$tree/deploy/test" <<'END'
echo "$@" >"$FAKE/deployed"
cat "$FAKE/deploy_says" 2>/dev/null || echo "0 passed, 0 failed"
END

# run EVENTS BAZEL_CODE ARGUMENT...: runs it, leaving output in $scratch/out and its code in $code.
run() {
  printf '%s\n' "$1" >"$scratch/events"
  echo "$2" >"$scratch/code"
  code=0
  (cd / && "$tree/tests/run" "${@:3}") >"$scratch/out" 2>&1 || code=$?
}

result() {
  printf '{"id":{"testResult":{"label":"%s","run":1,"shard":1,"attempt":1}},"testResult":' "$1"
  printf '{"status":"%s","testActionOutput":[{"name":"test.xml","uri":"file://%s"}]}}\n' "$2" "$3"
}

xml=$scratch/two.xml
echo '<testsuites><testcase name="A"/><testcase name="B"/></testsuites>' >"$xml"

echo "== all of it, from another folder"
run "$(result //t:a PASSED "$xml")" 0
[ "$code" = 0 ] || fail "exit code $code"
expect_last_line "$scratch/out" "2 passed, 0 failed"
expect_line "$scratch/install" "build test s390x"
expect_line "$scratch/asked" "$tree"
expect_line "$scratch/asked" "test"
expect_line "$scratch/asked" "//..."

echo "== what needs no container of deploy/test, in the same count"
printf '%s\n' "ok a" "skipped b: no such thing" "ok c" "2 passed, 0 failed, 1 skipped" \
  >"$scratch/deploy_says"
run "$(result //t:a PASSED "$xml")" 0
[ "$code" = 0 ] || fail "exit code $code"
expect_line "$scratch/deployed" "kubernetes systemd"
expect_line "$scratch/out" "skipped b: no such thing"
expect_no "$scratch/out" "ok a"
expect_last_line "$scratch/out" "4 passed, 0 failed"
printf '%s\n' "ok a" "FAILED b: broken" "1 passed, 1 failed" >"$scratch/deploy_says"
run "$(result //t:a FAILED "$xml")" 3
[ "$code" != 0 ] || fail "exit code 0"
expect_line "$scratch/out" "FAILED b: broken"
expect_last_line "$scratch/out" "3 passed, 2 failed"
run "$(result //t:a PASSED "$xml")" 0
[ "$code" != 0 ] || fail "exit code 0"
expect_last_line "$scratch/out" "3 passed, 1 failed"

echo "== deploy/test dies without a word"
: >"$scratch/deploy_says"
run "$(result //t:a PASSED "$xml")" 0
[ "$code" != 0 ] || fail "exit code 0"
expect_last_line "$scratch/out" "2 passed, 1 failed"
rm "$scratch/deploy_says" "$scratch/deployed"

echo "== a configuration and targets"
run "$(result //t:a PASSED "$xml")" 0 --config=asan //t:a -//t:b
expect_line "$scratch/asked" "--config=asan"
[ "$(tail -n 3 "$scratch/asked" | tr '\n' ' ')" = "-- //t:a -//t:b " ] || fail "targets"
[ ! -e "$scratch/deployed" ] || fail "deploy/test, too"
expect_no "$scratch/asked" "//..."

echo "== a failing test"
run "$(result //t:a FAILED "$xml")" 3
[ "$code" != 0 ] || fail "exit code 0"
expect_last_line "$scratch/out" "2 passed, 1 failed"

echo "== Bazel fails without a word"
for bazel_code in 1 2 37; do
  run "" "$bazel_code"
  [ "$code" != 0 ] || fail "exit code 0"
  expect_last_line "$scratch/out" "0 passed, 1 failed"
done

echo "== nothing ran"
run "" 0
[ "$code" != 0 ] || fail "exit code 0"

echo "== the cache"
IRQD_CACHE=$scratch/cache run "$(result //t:a PASSED "$xml")" 0
expect_line "$scratch/asked" "--disk_cache=$scratch/cache"
XDG_CACHE_HOME=$scratch/xdg run "$(result //t:a PASSED "$xml")" 0
expect_line "$scratch/asked" "--disk_cache=$scratch/xdg/irqd/bazel"
XDG_CACHE_HOME='' HOME=$scratch/home run "$(result //t:a PASSED "$xml")" 0
expect_line "$scratch/asked" "--disk_cache=$scratch/home/.cache/irqd/bazel"
IRQD_CACHE=/proc/nowhere run "$(result //t:a PASSED "$xml")" 0
expect_line "$scratch/asked" "--disk_cache="

echo "== a soak"
run "$(result //t:a PASSED "$xml")" 0 --soak 0 --config=asan
[ "$code" = 0 ] || fail "exit code $code"
expect_last_line "$scratch/out" "2 passed, 0 failed"
expect_line "$scratch/asked" "--config=opt"
expect_line "$scratch/asked" "--config=asan"
expect_line "$scratch/asked" "--nocache_test_results"
expect_line "$scratch/asked" "--test_env=IRQD_TEST_STEPS=5000000"
expect_line "$scratch/asked" "--test_env=IRQD_TEST_HISTORIES=500000"
expect_line "$scratch/asked" "//tests/conformance:kernel_test"
expect_line "$scratch/asked" "//tests/core/concurrency:random_schedules_test"
expect_no "$scratch/asked" "//..."
grep -q "^soak: round 1, 5000000 steps" "$scratch/out" || fail "no progress"
expect_line "$scratch/fuzzed" "60"

echo "== a soak of given targets fuzzes nothing"
rm "$scratch/fuzzed"
run "$(result //t:a PASSED "$xml")" 0 --soak 0 //t:a
[ ! -e "$scratch/fuzzed" ] || fail "fuzzed"

echo "== a soak in which a fuzzer finds something"
echo 1 >"$scratch/fuzz_code"
run "$(result //t:a PASSED "$xml")" 0 --soak=0
[ "$code" != 0 ] || fail "exit code 0"
expect_last_line "$scratch/out" "2 passed, 1 failed"
expect_line "$scratch/out" "a fuzzer's words"
rm "$scratch/fuzz_code"

echo "== a soak that fails"
run "$(result //t:a FAILED "$xml")" 3 --soak=5
[ "$code" != 0 ] || fail "exit code 0"
expect_last_line "$scratch/out" "2 passed, 1 failed"

echo "== a soak of no minutes"
for wrong in "--soak" "--soak=" "--soak=ten"; do
  rm -f "$scratch/asked"
  run "" 0 "$wrong"
  [ "$code" = 2 ] || fail "exit code $code for $wrong"
  [ ! -e "$scratch/asked" ] || fail "asked Bazel for $wrong"
done

echo "== help"
run "" 0 --help
[ "$code" = 0 ] || fail "exit code $code"
grep -q "N passed, N failed" "$scratch/out" || fail "no help"

echo "== no libraries for s390x"
echo 1 >"$scratch/sysroot_code"
run "$(result //t:a PASSED "$xml")" 0
[ "$code" = 0 ] || fail "exit code $code"
grep -q "//tests/s390x cannot be built" "$scratch/out" || fail "does not tell"
expect_last_line "$scratch/out" "2 passed, 0 failed"
rm "$scratch/sysroot_code"

echo "== packages that cannot be installed"
stand_in "$tree/bazel/install" <<<'exit 1'
rm -f "$scratch/asked"
run "" 0
[ "$code" != 0 ] || fail "exit code 0"
expect_last_line "$scratch/out" "0 passed, 1 failed"
[ ! -e "$scratch/asked" ] || fail "asked Bazel"
