#!/bin/bash
# When deploy/quickstart builds, with a Bazel that only copies and a demo that only speaks.
source tests/scripts/check.sh

tree=$scratch/tree
mkdir -p "$tree"/{client,core,proto,server} "$scratch/bin"
touch "$tree"/{WORKSPACE,BUILD,.bazelrc} "$tree"/{client,core,proto,server}/BUILD
echo one >"$tree/core/vm.cc"
stand_in "$tree/bazel/install" <<<'exit 0'
cp bazel/cache bazel/packages "$tree/bazel/"
stand_in "$tree/deploy/demo" <<'END'
echo "demo $*"
cat "${@: -3:1}"
echo identical
END
cp deploy/quickstart "$tree/deploy/"

export FAKE=$scratch PATH=$scratch/bin:$PATH HOME=$scratch/home
stand_in "$scratch/bin/bazel" <<'END'
if [ "$1" = info ]; then
  echo "$FAKE/output"
  exit
fi
echo "bazel $*" >>"$FAKE/asked"
[ ! -e "$FAKE/broken" ] || { echo "does not compile" >&2; exit 1; }
mkdir -p "$FAKE/output/deploy/programs"
cp core/vm.cc "$FAKE/output/deploy/programs/irqd"
touch "$FAKE/output/deploy/programs/irqctl"
END

run() {
  rm -f "$scratch/asked"
  code=0
  (cd / && "$tree/deploy/quickstart" "$@") >"$scratch/out" 2>&1 || code=$?
}
expect_built() {
  [ "$code" = 0 ] || fail "exit code $code: $(cat "$scratch/out")"
  grep -q -e '-c opt .*//deploy:programs' "$scratch/asked" || fail "not built"
  expect_last_line "$scratch/out" identical
}
expect_not_built() {
  [ "$code" = 0 ] || fail "exit code $code: $(cat "$scratch/out")"
  [ ! -e "$scratch/asked" ] || fail "asked Bazel"
  expect_last_line "$scratch/out" identical
}

echo "== the first time"
run
expect_built

echo "== again: nothing to do, nothing said about it"
run --keep
expect_not_built
binaries=$tree/bazel-quickstart
expect_line "$scratch/out" \
  "demo --keep $binaries/irqd $binaries/irqctl tests/testdata/named.jsonl"
[ "$(wc -l <"$scratch/out")" = 3 ] || fail "more than the demo says: $(cat "$scratch/out")"

echo "== a source changed"
echo two >"$tree/core/vm.cc"
run
expect_built
expect_line "$scratch/out" two
echo "== twice"
echo six >"$tree/core/vm.cc"
run
expect_built
expect_line "$scratch/out" six
echo "== a new file, and one that is gone"
touch "$tree/server/new.h"
run
expect_built
rm "$tree/server/new.h"
run
expect_built
run
expect_not_built

echo "== a binary is gone"
rm "$binaries/irqctl"
run
expect_built

echo "== a source does not compile: an error, and no older binary instead"
echo three >"$tree/core/vm.cc"
touch "$scratch/broken"
for _ in 1 2; do
  run
  [ "$code" != 0 ] || fail "exit code 0"
  expect_line "$scratch/out" "does not compile"
  expect_no "$scratch/out" identical
done
rm "$scratch/broken"
run
expect_built

echo "== an argument that it does not know"
run --keeep
[ "$code" = 2 ] || fail "exit code $code"
grep -q "unknown argument '--keeep'" "$scratch/out" || fail "no clear error"
