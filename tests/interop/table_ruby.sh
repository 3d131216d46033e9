#!/bin/bash
# table_ruby.sh TARGET: the table in Ruby.
exec /usr/bin/ruby -I tests/interop/ruby tests/interop/table.rb "$@"
