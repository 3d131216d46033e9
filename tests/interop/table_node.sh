#!/bin/bash
# table_node.sh TARGET: the table in Node, in an application with the package as npm installs it.
set -euo pipefail
modules=$(tests/client/node/prepare client/node)/node_modules

application=$(mktemp -d "${TEST_TMPDIR:-/tmp}/table_node.XXXXXX")
trap 'rm -rf "$application"' EXIT
mkdir -p "$application/node_modules/irqd"
ln -s "$modules"/* "$application/node_modules"
cp -rL client/node/. proto "$application/node_modules/irqd"
cp -L tests/interop/table.js "$application"
node "$application/table.js" "$@"
