#!/bin/bash
# bazel/install with a dpkg and an apt-get that only say what they were asked.
source tests/scripts/check.sh

folder=$scratch/bazel
mkdir -p "$folder"
cp bazel/install "$folder/"
cat >"$folder/packages" <<'END'
# A comment: no set.
build: present absent
build: half-removed provided
test: present other
END

export FAKE=$scratch PATH=$scratch/bin:$PATH
stand_in "$scratch/bin/dpkg-query" <<'END'
echo "installed present, "
echo "config-files half-removed, "
echo "installed substitute, also, provided (= 9.2.0)"
END
stand_in "$scratch/bin/apt-get" <<'END'
echo "${DEBIAN_FRONTEND-} apt-get $*" >>"$FAKE/asked"
END
stand_in "$scratch/bin/sudo" <<'END'
echo sudo >>"$FAKE/asked"
exec "$@"
END
stand_in "$scratch/bin/id" <<'END'
cat "$FAKE/uid"
END

run() {
  echo "$1" >"$scratch/uid"
  rm -f "$scratch/asked"
  touch "$scratch/asked"
  code=0
  "$folder/install" "${@:2}" >"$scratch/out" 2>&1 || code=$?
}

wanted="noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300"
wanted+=" install --no-install-recommends"

echo "== as root: what is missing, no more"
run 0 build
[ "$code" = 0 ] || fail "exit code $code"
expect_line "$scratch/asked" "$wanted absent half-removed"
expect_no "$scratch/asked" sudo

echo "== two sets, with sudo"
run 1000 build test
[ "$code" = 0 ] || fail "exit code $code"
expect_line "$scratch/asked" "$wanted absent half-removed other"
expect_line "$scratch/asked" sudo

echo "== nothing missing"
echo "all: present provided also" >>"$folder/packages"
run 0 all
[ "$code" = 0 ] || fail "exit code $code"
[ ! -s "$scratch/asked" ] || fail "asked for something"
[ ! -s "$scratch/out" ] || fail "said something"

echo "== neither root nor sudo: what to run instead"
mv "$scratch/bin/sudo" "$scratch/sudo"
programs=$PATH
ln -s /usr/bin/{bash,cat,dirname,grep,sed,tr,env} "$scratch/bin/"
PATH=$scratch/bin
code=0
echo 1000 >"$scratch/uid"
"$folder/install" build >"$scratch/out" 2>&1 || code=$?
PATH=$programs
[ "$code" != 0 ] || fail "exit code 0"
grep -q "run as root: apt-get install absent half-removed" "$scratch/out" || fail "no advice"
mv "$scratch/sudo" "$scratch/bin/sudo"

echo "== no such set"
run 0 bulid
[ "$code" = 2 ] || fail "exit code $code"
grep -q "no package set 'bulid'" "$scratch/out" || fail "no clear error"

echo "== apt-get fails"
stand_in "$scratch/bin/apt-get" <<<'exit 100'
run 0 build
[ "$code" != 0 ] || fail "exit code 0"
