#!/bin/sh
# The portal's files, into target/classes/web. Does nothing when nothing they are made of has changed.
# Any npm that reads a lock file (Debian 12's) brings the Node.js everything else runs on.
set -eu
cd "$(dirname "$0")"
command -v npm >/dev/null || { echo "the portal is built with npm, which is missing (Debian, Ubuntu: apt-get install nodejs npm)" >&2; exit 1; }

lock=$(sha256sum package-lock.json .npmrc | sha256sum)
if [ "$(cat node_modules/.installed 2>/dev/null || true)" != "$lock" ]; then
  # What this npm thinks of its own Node.js does not matter; what it brings is used.
  npm ci --prefer-offline --loglevel=error >&2
  printf '%s\n' "$lock" >node_modules/.installed
fi

api=../../rest/src/main/resources/io/tocsin/rest/openapi.json
made=$({
  find . -name node_modules -prune -o -type f -print0
  printf '%s\0' $api
} | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
[ "$(cat ../target/web.made 2>/dev/null || true)" != "$made" ] || exit 0
node_modules/.bin/node build.mjs "$api"
printf '%s\n' "$made" >../target/web.made
