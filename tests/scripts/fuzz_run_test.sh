#!/bin/bash
# tests/fuzz/run with fuzzers that only say how they were called.
source tests/scripts/check.sh

tree=$scratch/tree
mkdir -p "$tree/tests/fuzz" "$tree/tests/testdata/fuzz/good"
cp tests/fuzz/run "$tree/tests/fuzz/"
touch "$tree/tests/fuzz/good_fuzz.cc" "$tree/tests/fuzz/bad_fuzz.cc"
stand_in "$tree/bazel/install" <<'END_OF_INSTALL'
echo "$@" >"$FAKE/install"
END_OF_INSTALL
cp bazel/cache "$tree/bazel/"

export FAKE=$scratch PATH=$scratch/bin:$PATH IRQD_CACHE=$scratch/cache
stand_in "$scratch/bin/bazel" <<'END_OF_BAZEL'
case $1 in
  info) echo "$FAKE/bazel-bin" ;;
  *) printf '%s\n' "$@" >"$FAKE/asked" ;;
esac
END_OF_BAZEL
stand_in "$scratch/bazel-bin/tests/fuzz/good_fuzzer" <<'END_OF_FUZZER'
printf '%s\n' "$@" >"$FAKE/good"
echo "stat::number_of_executed_units: 300"
echo "stat::average_exec_per_sec:     100"
END_OF_FUZZER
stand_in "$scratch/bazel-bin/tests/fuzz/bad_fuzzer" <<'END_OF_FUZZER'
for argument in "$@"; do
  case $argument in
    -artifact_prefix=*) echo input >"${argument#*=}crash-1" ;;
  esac
done
echo "not so: it should be"
exit 77
END_OF_FUZZER

run() {
  code=0
  (cd / && "$tree/tests/fuzz/run" "$@") >"$scratch/out" 2>&1 || code=$?
}

echo "== a target that survives"
run 3 good
[ "$code" = 0 ] || fail "exit code $code"
expect_line "$scratch/install" "build test fuzz"
expect_line "$scratch/asked" "--config=fuzz"
expect_line "$scratch/asked" "//tests/fuzz:good_fuzzer"
expect_no "$scratch/asked" "bad"
expect_line "$scratch/good" "-max_total_time=3"
expect_line "$scratch/good" "$tree/tests/testdata/fuzz/good"
expect_last_line "$scratch/out" "fuzz: good: 300 inputs, 100 a second, no crash"

echo "== all of them, one of which crashes"
rm "$scratch/good"
run 1
[ "$code" != 0 ] || fail "exit code 0"
expect_line "$scratch/asked" "//tests/fuzz:bad_fuzzer"
expect_line "$scratch/asked" "//tests/fuzz:good_fuzzer"
expect_line "$scratch/out" "not so: it should be"
expect_line "$tree/tests/testdata/fuzz/bad/crash-1" "input"
[ -e "$scratch/good" ] || fail "the other one did not run"

echo "== no number of seconds"
for arguments in "" x -1 1.5; do
  run $arguments
  [ "$code" = 2 ] || fail "exit code $code of '$arguments'"
done

echo "== fuzzers that do not build"
stand_in "$scratch/bin/bazel" <<<'exit 1'
run 1 good
[ "$code" != 0 ] || fail "exit code 0"
