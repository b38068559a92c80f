#!/bin/sh
# The portal's files, into target/classes/web. Does nothing when nothing they are made of has changed.
#
# In two steps, for Debian 12's npm passes over what its own Node.js is too old for: first any npm that reads a lock file brings the Node.js
# and the npm of toolchain/, then these bring the rest, and everything else runs on them.
set -eu
cd "$(dirname "$0")"
# As Debian's own Node.js does: authorities that this machine trusts are trusted.
export NODE_USE_SYSTEM_CA=1
command -v npm >/dev/null || { echo "the portal is built with npm, which is missing (Debian, Ubuntu: apt-get install nodejs npm libatomic1)" >&2; exit 1; }

# installed FOLDER COMMAND…: runs the command there, unless what the lock file says is installed already
installed() {
  lock=$(cd "$1" && sha256sum package-lock.json .npmrc | sha256sum)
  [ "$(cat "$1/node_modules/.installed" 2>/dev/null || true)" != "$lock" ] || return 0
  folder=$1
  shift
  (cd "$folder" && "$@" ci --prefer-offline --loglevel=error) >&2
  printf '%s\n' "$lock" >"$folder/node_modules/.installed"
}
installed toolchain npm
node=$(find "$PWD/toolchain/node_modules" -path '*/node-linux-*/bin/node' | head -n 1)
[ -x "$node" ] || { echo "the portal is built on Linux, x64 or arm64: there is no Node.js for this machine in toolchain/" >&2; exit 1; }
installed . "$node" "$PWD/toolchain/node_modules/npm/bin/npm-cli.js"
[ -x node_modules/.bin/node ] || ln -sf "$node" node_modules/.bin/node

api=../../rest/src/main/resources/io/tocsin/rest/openapi.json
made=$({
  find . -name node_modules -prune -o -type f -print0
  printf '%s\0' $api
} | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
[ "$(cat ../target/web.made 2>/dev/null || true)" != "$made" ] || exit 0
"$node" build.mjs "$api"
printf '%s\n' "$made" >../target/web.made
