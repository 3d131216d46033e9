#!/bin/bash
# bazel/s390x_sysroot with an apt-get and a dpkg-deb that only pretend: what is made, kept and told.
set -euo pipefail

scratch=$(mktemp -d "${TEST_TMPDIR:-/tmp}/sysroot.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

fail() {
  echo "FAILED: $*" >&2
  exit 1
}

mkdir -p "$scratch/bin" "$scratch/bazel"
cp bazel/cache bazel/s390x_sysroot "$scratch/bazel/"
cat >"$scratch/bazel/packages" <<'END_OF_LIST'
build: g++ libone-dev
test: libtwo-dev python3
test: golang-three-dev
bench: libthree-dev
END_OF_LIST

# Asked to download NAME, it leaves NAME_VERSION_s390x.deb where the configuration says.
cat >"$scratch/bin/apt-get" <<'END_OF_PROGRAM'
#!/bin/bash
echo "apt-get $*" >>"$FAKE/asked"
[ ! -e "$FAKE/broken" ] || { echo "E: no such port"; exit 100; }
[ "${*: -1}" != update ] || exit 0
grep -q '^APT::Architecture "s390x";' "$2" || exit 1
archives=$(sed -n 's/^Dir::Cache::archives "\(.*\)";/\1/p' "$2")
for argument in "$@"; do
  case $argument in *-dev) : >"$archives/${argument}_$(cat "$FAKE/version")_s390x.deb" ;; esac
done
END_OF_PROGRAM
cat >"$scratch/bin/dpkg-deb" <<'END_OF_PROGRAM'
#!/bin/bash
mkdir -p "$3/usr/lib" "$3/lib"
basename "$2" >"$3/usr/lib/$(basename "$2" .deb).so.1"
ln -sf "/usr/lib/$(basename "$2" .deb).so.1" "$3/lib/$(basename "$2" .deb).so"
END_OF_PROGRAM
chmod +x "$scratch"/bin/*
export FAKE=$scratch IRQD_CACHE=$scratch/cache PATH=$scratch/bin:$PATH
echo 1.0 >"$scratch/version"

# sysroot ARGUMENT...: runs it; its output is in $scratch/out and $scratch/err, its code in $code.
sysroot() {
  code=0
  : >"$scratch/asked"
  "$scratch/bazel/s390x_sysroot" "$@" >"$scratch/out" 2>"$scratch/err" || code=$?
}

echo "== nothing there yet"
sysroot --find
[ "$code" = 1 ] || fail "exit code $code"
grep -q "bazel/s390x_sysroot gets them" "$scratch/err" || fail "does not tell what to do"
[ ! -s "$scratch/asked" ] || fail "asked apt-get"

echo "== apt-get fails: its words, and nothing left"
touch "$scratch/broken"
sysroot
[ "$code" = 1 ] || fail "exit code $code"
grep -q "no such port" "$scratch/err" || fail "apt-get's words are lost"
[ -z "$(ls -A "$IRQD_CACHE/s390x")" ] || fail "leaves $(ls -A "$IRQD_CACHE/s390x")"
rm "$scratch/broken"

echo "== made: every library of the two sets, no other package"
sysroot
[ "$code" = 0 ] || fail "exit code $code: $(cat "$scratch/err")"
root=$(cat "$scratch/out")
[ "$(tr '\n' ' ' <"$root/packages")" = "libone-dev_1.0_s390x.deb libtwo-dev_1.0_s390x.deb " ] ||
  fail "holds $(cat "$root/packages")"

echo "== its links stay inside"
[ "$(readlink "$root/lib/libone-dev_1.0_s390x.so")" = ../usr/lib/libone-dev_1.0_s390x.so.1 ] ||
  fail "$(ls -l "$root/lib")"

echo "== found again, without apt-get"
sysroot --find
[ "$(cat "$scratch/out")" = "$root" ] || fail "found $(cat "$scratch/out")"
sysroot
[ "$(cat "$scratch/out")" = "$root" ] || fail "made $(cat "$scratch/out")"
[ ! -s "$scratch/asked" ] || fail "asked apt-get"

echo "== made in another way, but the same: the same folder"
echo "# changed" >>"$scratch/bazel/s390x_sysroot"
sysroot
[ -s "$scratch/asked" ] || fail "did not ask apt-get"
[ "$(cat "$scratch/out")" = "$root" ] || fail "made $(cat "$scratch/out")"
sysroot --find
[ "$(cat "$scratch/out")" = "$root" ] || fail "found $(cat "$scratch/out")"

echo "== other versions: another name"
echo 2.0 >"$scratch/version"
sed -i 's/^bench: .*/test: libfour-dev/' "$scratch/bazel/packages"
sysroot
[ "$(cat "$scratch/out")" != "$root" ] || fail "the same name"
grep -q libfour-dev_2.0 "$(cat "$scratch/out")/packages" || fail "no libfour-dev"

echo "== deleted: made again"
root=$(cat "$scratch/out")
rm -rf "$root"
sysroot --find
[ "$code" = 1 ] || fail "exit code $code"
sysroot
[ "$(cat "$scratch/out")" = "$root" ] || fail "made $(cat "$scratch/out")"
[ -e "$root/packages" ] || fail "is empty"

echo "== no folder to keep it in"
IRQD_CACHE=/dev/null/nowhere sysroot
[ "$code" = 1 ] || fail "exit code $code"
grep -q "set IRQD_CACHE" "$scratch/err" || fail "does not tell what to do"
