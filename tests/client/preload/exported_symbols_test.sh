#!/bin/bash
# The library shows the functions of libc that it stands in front of and nothing else, and brings
# nothing but libc along. $1: the library.
set -eu

expected='__open64_2
__open_2
__openat64_2
__openat_2
close
dup
dup2
dup3
fcntl
fcntl64
ioctl
mmap
mmap64
open
open64
openat
openat64'
found=$(nm -D --defined-only "$1" | awk '$2 ~ /[A-Z]/ {print $3}' | LC_ALL=C sort)
diff <(echo "$expected") <(echo "$found")
needed=$(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
# A sanitizer brings libraries of its own.
if [[ $needed != *san.so* ]]; then diff <(echo libc.so.6) <(echo "$needed"); fi
