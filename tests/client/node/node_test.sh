#!/bin/bash
# Packs the Node package, installs the archive into a new application, and runs its tests there,
# against a real server. Each case is in the JUnit file that Bazel asks for.
set -euo pipefail
tests=tests/client/node
work=$(mktemp -d "${TEST_TMPDIR:-/tmp}/node.XXXXXX")
trap 'rm -rf "$work"' EXIT
runfiles=$PWD

modules=$("$tests/prepare" client/node)/node_modules

# npm packs no links, which is what runfiles are.
mkdir -p "$work/repository/client" "$work/repository/proto"
cp -rL client/node "$work/repository/client"
cp -rL proto/irqd "$work/repository/proto"
cp -L LICENSE "$work/repository"
export npm_config_update_notifier=false npm_config_cache=$work/npm
(cd "$work/repository/client/node" && npm pack --silent --pack-destination "$work" >/dev/null)

application=$work/application
mkdir -p "$application/node_modules/irqd"
tar -xzf "$work"/irqd-*.tgz --strip-components=1 -C "$application/node_modules/irqd"
for module in "$modules"/*; do
  ln -s "$module" "$application/node_modules"
done
cp -L "$tests"/*.test.js "$tests"/sample.ts "$application"

export IRQD_BINARY=$runfiles/server/irqd
export IRQD_VECTORS=$runfiles/tests/testdata
export IRQD_RUNFILES=$runfiles IRQD_READMES=$runfiles/README.md:$runfiles/client/node/README.md
unset IRQD_TARGET
# The files run at once, each with a server of its own.
cd "$application"
exec node --test --test-reporter=spec --test-reporter-destination=stdout \
  --test-reporter=junit --test-reporter-destination="${XML_OUTPUT_FILE:-/dev/null}" ./*.test.js
