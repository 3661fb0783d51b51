#!/bin/sh
# Runs the benchmark with a Node that loads better-sqlite3: this one, or the one that setup.sh obtained.
set -eu
cd "$(dirname "$0")"
node=node
[ "$(node -p 'process.versions.node.split(".")[0] >= 22')" = true ] || node=../../../.deps/node22/bin/node
exec "$node" main.js "$@"
