#!/usr/bin/env bash
# A real Asterisk for tests, from Debian's packages, in a folder of its own. Nothing is installed on the machine: the packages
# are unpacked, none of their scripts runs, and Asterisk is started by the loader and the libraries it came with.
#
#   asterisk-root.sh DIR      prepares DIR once; when it is there already, this does nothing
#
# DIR/asterisk starts it; DIR/layout says where its modules and data are, its version and its source. Debian 12 and 13 have no
# Asterisk: sid has 22 (LTS), and bullseye has 16 for the day sid cannot be unpacked. 16 knows neither ARI requests in the
# WebSocket nor WebSockets that Asterisk opens; what needs them says so.
#
# TOCSIN_DEBIAN_MIRROR      http://deb.debian.org/debian unless said otherwise
# TOCSIN_ASTERISK_SUITES    "sid bullseye": the first that works
set -euo pipefail
MIRROR=${TOCSIN_DEBIAN_MIRROR:-http://deb.debian.org/debian}
SUITES=${TOCSIN_ASTERISK_SUITES:-sid bullseye}

fail() {
  echo "asterisk-root: $*" >&2
  exit 1
}

# unpack SUITE DIR
unpack() {
  mmdebstrap --quiet --variant=extract --include=asterisk \
    --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='Acquire::Retries "5"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --dpkgopt='path-exclude=/usr/share/perl/*' --dpkgopt='path-exclude=/usr/lib/*/perl/*' --dpkgopt='path-exclude=/usr/share/info/*' \
    "$1" "$2" "$MIRROR" >&2
}

# starter SUITE DIR FINAL: the program that starts it, and what the folder holds, once it is at FINAL
starter() {
  local suite=$1 dir=$2 final=$3 loader modules machine version
  loader=$(cd "$dir" && find usr/lib lib -name 'ld-linux*.so.*' -path '*-linux-gnu*' 2>/dev/null | head -n 1)
  modules=$(cd "$dir" && find usr/lib -type d -path '*/asterisk/modules' | head -n 1)
  [ -n "$loader" ] && [ -n "$modules" ] || return 1
  machine=$(basename "$(dirname "$loader")")
  cat >"$dir/asterisk" <<EOF
#!/bin/sh
root=\$(dirname "\$(readlink -f "\$0")")
exec "\$root/$loader" --library-path "\$root/usr/lib/$machine:\$root/lib/$machine:\$root/usr/lib" "\$root/usr/sbin/asterisk" "\$@"
EOF
  chmod 755 "$dir/asterisk"
  version=$("$dir/asterisk" -V) || return 1
  printf 'version=%s\nsuite=%s\nmodules=%s\ndata=%s\n' "$version" "$suite" "$final/$modules" "$final/usr/share/asterisk" >"$dir/layout"
}

[ $# -eq 1 ] || fail "into which folder? asterisk-root.sh DIR"
DIR=$1
[ ! -f "$DIR/layout" ] || exit 0
command -v mmdebstrap >/dev/null && command -v flock >/dev/null || fail "missing packages: apt-get install mmdebstrap util-linux debian-archive-keyring"
mkdir -p "$(dirname "$DIR")"
DIR=$(cd "$(dirname "$DIR")" && pwd)/$(basename "$DIR")
exec 9>"$DIR.lock"
flock 9
[ ! -f "$DIR/layout" ] || exit 0
NEW=$DIR.new
trap 'rm -rf "$NEW"' EXIT
for suite in $SUITES; do
  rm -rf "$NEW"
  echo "asterisk-root: unpacking Asterisk of Debian $suite into $DIR (once, some 80 MB to fetch)" >&2
  # Both in conditions: a suite that cannot be used is followed by the next.
  if unpack "$suite" "$NEW" && starter "$suite" "$NEW" "$DIR"; then
    chmod 755 "$NEW"
    rm -rf "$DIR"
    mv -T "$NEW" "$DIR"
    exit 0
  fi
  echo "asterisk-root: no Asterisk from Debian $suite" >&2
done
fail "none of '$SUITES' could be unpacked from $MIRROR; what mmdebstrap said is above"
