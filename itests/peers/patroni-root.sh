#!/usr/bin/env bash
# PostgreSQL 15, Patroni and etcd for tests, from Debian 12's packages, in a folder of its own: what docs/two-sites.md installs on a
# site. Nothing is installed on the machine: the packages are unpacked, none of their scripts runs, and the programs are started
# with that folder as their root.
#
#   patroni-root.sh DIR      prepares DIR once; when it is there already, this does nothing
#
# DIR/layout says what versions it holds.
#
# TOCSIN_DEBIAN_MIRROR      http://deb.debian.org/debian unless said otherwise
set -euo pipefail
MIRROR=${TOCSIN_DEBIAN_MIRROR:-http://deb.debian.org/debian}
PACKAGES=coreutils,dash,libc-bin,etcd-server,etcd-client,patroni,python3-etcd,python3-psycopg2,postgresql-15,faketime

fail() {
  echo "patroni-root: $*" >&2
  exit 1
}

[ $# -eq 1 ] || fail "into which folder? patroni-root.sh DIR"
DIR=$1
[ ! -f "$DIR/layout" ] || exit 0
[ "$(id -u)" -eq 0 ] || fail "run it as root: the programs are started with the folder as their root"
command -v mmdebstrap >/dev/null && command -v flock >/dev/null || fail "missing packages: apt-get install mmdebstrap util-linux debian-archive-keyring"
mkdir -p "$(dirname "$DIR")"
exec 9>"$DIR.lock"
flock 9
[ ! -f "$DIR/layout" ] || exit 0
NEW=$DIR.new
rm -rf "$NEW"
trap 'rm -rf "$NEW"' EXIT
echo "patroni-root: unpacking PostgreSQL, Patroni and etcd of Debian 12 into $DIR (once, some 130 MB to fetch)" >&2
mmdebstrap --quiet --variant=extract --include="$PACKAGES" \
  --aptopt='Apt::Install-Recommends "false"' --aptopt='Acquire::Retries "5"' \
  --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
  --dpkgopt='path-exclude=/usr/share/info/*' bookworm "$NEW" "$MIRROR" >&2 ||
  fail "the packages could not be unpacked from $MIRROR; what mmdebstrap said is above"
# What no package script has made: an account for the server, and where a run puts its files.
printf 'root:x:0:0::/:/bin/sh\npostgres:x:5432:5432::/srv:/bin/sh\n' >"$NEW/etc/passwd"
printf 'root:x:0:\npostgres:x:5432:\n' >"$NEW/etc/group"
printf '127.0.0.1 localhost\n' >"$NEW/etc/hosts"
mkdir -p "$NEW/srv" "$NEW/proc" "$NEW/run" "$NEW/tmp"
chmod 755 "$NEW"
# The server's account may not write compiled files beside the sources: Patroni would start slowly each time.
chroot "$NEW" /usr/bin/python3 -m compileall -q -j 0 /usr/lib/python3/dist-packages /usr/lib/python3.11/*.py /usr/lib/python3.11/{asyncio,concurrent,ctypes,email,encodings,http,importlib,json,logging,multiprocessing,urllib,xml} >/dev/null 2>&1 || true
{
  printf 'postgres=%s\n' "$(chroot "$NEW" /usr/lib/postgresql/15/bin/postgres --version)"
  printf 'etcd=%s\n' "$(chroot "$NEW" /usr/bin/etcd --version | head -n 1)"
  printf "patroni=%s\n" "$(ls "$NEW"/usr/lib/python3/dist-packages | sed -n "s/^patroni-\(.*\)\.egg-info$/\1/p")"
} >"$NEW/layout"
rm -rf "$DIR"
mv -T "$NEW" "$DIR"
