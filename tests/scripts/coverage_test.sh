#!/bin/bash
# tests/coverage with a Bazel that measures nothing: what it asks for, prints, and exits with.
source tests/scripts/check.sh

tree=$scratch/tree
mkdir -p "$tree/tests" "$tree/core" "$scratch/bin" "$scratch/output/_coverage"
cp tests/coverage tests/coverage_table.py "$tree/tests/"
touch "$tree/core/a.cc"
stand_in "$tree/bazel/install" <<'END_OF_INSTALL'
echo "$@" >"$FAKE/install"
END_OF_INSTALL
cp bazel/cache "$tree/bazel/"

export FAKE=$scratch PATH=$scratch/bin:$PATH IRQD_CACHE=$scratch/cache
stand_in "$scratch/bin/bazel" <<'END_OF_BAZEL'
if [ "$1" = info ]; then
  echo "$FAKE/output"
else
  printf '%s\n' "$PWD" "$@" >"$FAKE/asked"
  exit "$(cat "$FAKE/code")"
fi
END_OF_BAZEL

# run BAZEL_CODE ARGUMENT...: runs it, leaving output in $scratch/out and its code in $code.
run() {
  echo "$1" >"$scratch/code"
  code=0
  (cd / && "$tree/tests/coverage" "${@:2}") >"$scratch/out" 2>&1 || code=$?
}

# measured REACHED: a report on 100 lines of core/a.cc, REACHED of which were reached.
measured() {
  echo "SF:core/a.cc"
  for ((line = 1; line <= 100; line++)); do echo "DA:$line,$((line <= $1))"; done
  echo end_of_record
}

echo "== enough"
measured 98 >"$scratch/output/_coverage/_coverage_report.dat"
run 0
[ "$code" = 0 ] || fail "exit code $code"
expect_line "$scratch/install" "build test"
expect_line "$scratch/asked" "$tree"
expect_line "$scratch/asked" "coverage"
expect_line "$scratch/asked" "//tests/core/..."
grep -q "core/a.cc *100 *98.0 *99-100" "$scratch/out" || fail "no row: $(cat "$scratch/out")"

echo "== a target and an option"
run 0 --jobs=1 //t:a
expect_line "$scratch/asked" "--jobs=1"
expect_line "$scratch/asked" "//t:a"
expect_no "$scratch/asked" "//tests/core/..."

echo "== too little"
measured 97 >"$scratch/output/_coverage/_coverage_report.dat"
run 0
[ "$code" != 0 ] || fail "exit code 0"

echo "== a file that no test reaches"
measured 100 >"$scratch/output/_coverage/_coverage_report.dat"
touch "$tree/core/forgotten.cc"
run 0
[ "$code" != 0 ] || fail "exit code 0"
grep -q "no test reaches core/forgotten.cc" "$scratch/out" || fail "does not say which"
rm "$tree/core/forgotten.cc"

echo "== a failing test"
run 3
[ "$code" = 3 ] || fail "exit code $code"
