# shellcheck shell=bash
# What the script tests share: a scratch folder, programs that stand in for real ones, checks.
set -euo pipefail

scratch=$(mktemp -d "${TEST_TMPDIR:-/tmp}/scripts.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

# expect_line FILE LINE: FILE has exactly that line.
expect_line() {
  grep -qxF -e "$2" "$1" || fail "no line '$2' in: $(cat "$1")"
}

# expect_last_line FILE LINE
expect_last_line() {
  [ "$(tail -n 1 "$1")" = "$2" ] || fail "last line is not '$2' in: $(cat "$1")"
}

# expect_no FILE WORDS: WORDS are nowhere in FILE.
expect_no() {
  ! grep -qF -e "$2" "$1" || fail "'$2' in: $(cat "$1")"
}

# stand_in PATH: a program at PATH, with the body from stdin.
stand_in() {
  mkdir -p "$(dirname "$1")"
  { echo '#!/bin/bash'; cat; } >"$1"
  chmod +x "$1"
}
