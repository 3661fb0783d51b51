#!/bin/sh
# Obtains the SQLite that Kith compiles in, sqlite3.c and sqlite3.h, held to their checksums: into .deps/sqlite3,
# or the folder given. Does nothing when the right files are there.  usage: tools/get_sqlite.sh [FOLDER]
set -eu
folder=${1:-$(cd "$(dirname "$0")/.." && pwd)/.deps/sqlite3}

# SQLite 3.54.1, as this npm package carries it.
package=better-sqlite3@13.2.0
sums="75a4760a7b9727a4c4c877aec92eacf39e52a8f2921ce00bd33be6d3a8e8e254  sqlite3.c
d6c84557261893439b341d2e6c35187ae3ea24fbfd843ad94616f72d89242b8c  sqlite3.h"

is_right() { [ -d "$1" ] && (cd "$1" && echo "$sums" | sha256sum -c --status 2>/dev/null); }

is_right "$folder" && exit 0
if ! command -v npm >/dev/null; then
  echo "get_sqlite: npm is missing, which fetches SQLite. Install it, or put sqlite3.c and sqlite3.h into $folder" >&2
  exit 1
fi
echo "get_sqlite: obtaining SQLite from $package" >&2
mkdir -p "$(dirname "$folder")"
# Two builds may obtain it at once: each in a folder of its own, and the last step is a rename.
new=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$new"' EXIT
npm pack --silent --pack-destination "$new" "$package" >/dev/null
mkdir "$new/sqlite3"
tar -xmzf "$new"/*.tgz -C "$new/sqlite3" --strip-components=3 package/deps/sqlite3/sqlite3.c package/deps/sqlite3/sqlite3.h
if ! is_right "$new/sqlite3"; then
  echo "get_sqlite: $package does not hold the SQLite that it should: checksums differ" >&2
  exit 1
fi
is_right "$folder" && exit 0
rm -rf "$folder"
mv "$new/sqlite3" "$folder"
