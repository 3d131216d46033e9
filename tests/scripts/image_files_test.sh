#!/bin/bash
# deploy/image-files with a program of Debian's, which needs a few libraries.
source tests/scripts/check.sh

files=$scratch/files
program=/usr/bin/ls

make() {
  rm -rf "$files"
  code=0
  SOURCE_DATE_EPOCH=86400 deploy/image-files "$files" "$@" >"$scratch/out" 2>&1 || code=$?
}
expect_file() {
  [ -f "$files/$1" ] && [ ! -L "$files/$1" ] || fail "no file $1 in: $(find "$files")"
}

echo "== what the program needs to run"
make "$program"
[ "$code" = 0 ] || fail "exit code $code: $(cat "$scratch/out")"
expect_file usr/bin/ls
loader=$(cd "$files" && echo lib*/ld-linux*)
expect_file "$loader"
libraries=$(dirname "$(find "$files" -name 'libc.so.6')")
# With these libraries and no other.
"$files/$loader" --inhibit-cache --library-path "$libraries" "$files/usr/bin/ls" "$files" \
  >"$scratch/listed"
expect_line "$scratch/listed" usr
"$files/$loader" --inhibit-cache --library-path "$libraries" --list "$files/usr/bin/ls" \
  >"$scratch/loaded"
! sed -n 's/.* => \(.*\) (.*/\1/p' "$scratch/loaded" | grep -vF "$files/" ||
  fail "a library from elsewhere"

echo "== and nothing else"
expected=$(($(ldd "$program" | grep -c '/')))
[ "$(find "$files" -name '*.so*' | wc -l)" = "$expected" ] || fail "libraries: $(find "$files")"
for package in libc6 libselinux1; do
  expect_file "usr/share/doc/$package/copyright"
  expect_line "$files/var/lib/dpkg/status.d/$package" "Package: $package"
done
expect_file usr/share/doc/irqd/LICENSE
rest=$(find "$files" -type f ! -name '*.so*' ! -path '*/doc/*' ! -path '*/status.d/*')
[ "$rest" = "$files/usr/bin/ls" ] || fail "also there: $rest"

echo "== all of it from the given time"
[ "$(find "$files" -printf '%T@\n' | sort -u)" = 86400.0000000000 ] || fail "other times"

echo "== a second program adds what it alone needs"
make "$program" /usr/bin/grep
[ "$code" = 0 ] || fail "exit code $code: $(cat "$scratch/out")"
expect_file usr/bin/grep
expect_file usr/share/doc/libpcre2-8-0/copyright

mkdir "$scratch/bin"
PATH=$scratch/bin:$PATH
echo "== a library that is missing"
stand_in "$scratch/bin/ldd" <<'END'
printf '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f00)\n\tlibgone.so.1 => not found\n'
END
make "$program"
[ "$code" != 0 ] || fail "exit code 0"
expect_line "$scratch/out" "image-files: $program lacks libraries"

echo "== a library of no package"
stand_in "$scratch/bin/ldd" <<<'printf "\tlibown.so.1 => $FAKE/libown.so.1 (0x00007f00)\n"'
export FAKE=$scratch
touch "$scratch/libown.so.1"
make "$program"
[ "$code" != 0 ] || fail "exit code 0"
expect_line "$scratch/out" "image-files: no Debian package has $scratch/libown.so.1"

echo "== no program"
make
[ "$code" = 2 ] || fail "exit code $code"
