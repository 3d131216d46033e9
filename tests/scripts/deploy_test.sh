#!/bin/bash
# deploy/test with parts that only say what they were told to.
source tests/scripts/check.sh

tree=$scratch/tree
mkdir -p "$tree/deploy" "$tree/tests/deploy"
cp deploy/test "$tree/deploy/"
export FAKE=$scratch
stand_in "$tree/bazel/install" <<'END'
echo "install $*" >>"$FAKE/asked"
echo "much about packages"
[ ! -e "$FAKE/offline" ]
END
touch "$tree/tests/deploy/checks.py"  # no part: it cannot be executed

run() {
  rm -f "$scratch/asked"
  code=0
  (cd / && "$tree/deploy/test" "$@") >"$scratch/out" 2>"$scratch/err" || code=$?
}
part() {
  stand_in "$tree/tests/deploy/$1"
}

echo "== parts in order, their lines, and the count of them"
part second <<'END'
echo "ok the first check"
echo "details" >&2
echo "a line of some program"
echo "skipped the other check: no such thing here"
END
part first <<<'echo "ok one"; echo "ok two"'
run
[ "$code" = 0 ] || fail "exit code $code: $(cat "$scratch/err")"
printf '%s\n' "ok one" "ok two" "ok the first check" \
  "skipped the other check: no such thing here" "3 passed, 0 failed, 1 skipped" >"$scratch/wanted"
cmp "$scratch/out" "$scratch/wanted" || fail "not what is wanted: $(cat "$scratch/out")"
expect_line "$scratch/err" details
expect_line "$scratch/err" "a line of some program"
expect_line "$scratch/asked" "install build test deploy"

echo "== one part"
run first
[ "$code" = 0 ] || fail "exit code $code"
expect_last_line "$scratch/out" "2 passed, 0 failed"
expect_no "$scratch/out" "the first check"

echo "== a check that failed"
part first <<<'echo "ok one"; echo "FAILED two: broken"; exit 1'
run first
[ "$code" = 1 ] || fail "exit code $code"
expect_line "$scratch/out" "FAILED two: broken"
expect_last_line "$scratch/out" "1 passed, 1 failed"
echo "== also if the part does not say so at its end"
part first <<<'echo "ok one"; echo "FAILED two: broken"'
run first
[ "$code" = 1 ] || fail "exit code $code"

echo "== a part that ends before it is through"
part first <<<'echo "ok one"; exit 3'
run first
[ "$code" = 1 ] || fail "exit code $code"
expect_line "$scratch/out" "FAILED first: ended with 3 before it was through"
expect_last_line "$scratch/out" "1 passed, 1 failed"
part first <<<'echo "ok one"; kill -KILL $$'
run
[ "$code" = 1 ] || fail "exit code $code"
expect_line "$scratch/out" "FAILED first: ended with 137 before it was through"
expect_last_line "$scratch/out" "2 passed, 1 failed, 1 skipped"

echo "== a part that checks nothing"
part first <<<'exit 0'
run first
[ "$code" = 1 ] || fail "exit code $code"
expect_line "$scratch/out" "FAILED first: ended with 0 and checked nothing"
expect_last_line "$scratch/out" "0 passed, 1 failed"

echo "== a machine that can do nothing has shown nothing"
part first <<<'echo "skipped all: no podman"'
run first
[ "$code" = 1 ] || fail "exit code $code"
expect_last_line "$scratch/out" "0 passed, 0 failed, 1 skipped"

echo "== packages that cannot be installed"
touch "$scratch/offline"
run first
[ "$code" = 1 ] || fail "exit code $code"
expect_last_line "$scratch/out" "0 passed, 1 failed"
rm "$scratch/offline"

echo "== help, and a part that is none"
run --help
[ "$code" = 0 ] || fail "exit code $code"
expect_line "$scratch/out" "Parts: first second"
run third
[ "$code" = 2 ] || fail "exit code $code"
expect_line "$scratch/err" "deploy/test: no part 'third'; see deploy/test --help"
[ ! -e "$scratch/asked" ] || fail "installed something"
