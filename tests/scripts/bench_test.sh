#!/bin/bash
# tests/bench with a Bazel that builds nothing and a program that measures nothing.
source tests/scripts/check.sh

tree=$scratch/tree
mkdir -p "$tree/tests" "$scratch/bin"
cp tests/bench "$tree/tests/"
stand_in "$tree/bazel/install" <<'END'
echo "$@" >"$FAKE/install"
END
cp bazel/cache "$tree/bazel/"

export FAKE=$scratch PATH=$scratch/bin:$PATH IRQD_CACHE=$scratch/cache
stand_in "$scratch/bin/bazel" <<'END'
if [ "$1" = info ]; then
  echo "$FAKE/output"
else
  printf '%s\n' "$PWD" "$@" >"$FAKE/asked"
  exit "$(cat "$FAKE/code")"
fi
END
stand_in "$scratch/output/tests/benchmarks/bench" <<'END'
printf '%s\n' "$PWD" "$@" >"$FAKE/measured"
exit 4
END

# run BAZEL_CODE ARGUMENT...: runs it, leaving output in $scratch/out and its code in $code.
run() {
  echo "$1" >"$scratch/code"
  rm -f "$scratch/asked" "$scratch/measured"
  code=0
  (cd / && "$tree/tests/bench" "${@:2}") >"$scratch/out" 2>&1 || code=$?
}

echo "== some sections, from another folder"
run 0 --quick core unary
[ "$code" = 4 ] || fail "exit code $code, not that of the measurement"
expect_line "$scratch/install" "build test bench"
expect_line "$scratch/asked" "$tree"
expect_line "$scratch/asked" "opt"
expect_line "$scratch/asked" "//tests/benchmarks:bench"
expect_line "$scratch/measured" "--page=$tree/docs/benchmarks.md"
[ "$(tail -n 3 "$scratch/measured" | tr '\n' ' ')" = "--quick core unary " ] || fail "sections"

echo "== what does not build is not measured"
run 1
[ "$code" = 1 ] || fail "exit code $code"
[ ! -e "$scratch/measured" ] || fail "measured"

echo "== help"
run 0 --help
[ "$code" = 0 ] || fail "exit code $code"
[ ! -e "$scratch/asked" ] || fail "asked Bazel"
for section in core unary instructions streams scale; do
  grep -q "^  $section " "$scratch/out" || fail "no word about $section"
done
