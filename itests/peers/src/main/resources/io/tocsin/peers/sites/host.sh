# host.sh ROOT DATA PROGRAM…: runs a program as a machine of its own would: Debian's files from ROOT, DATA at /srv, and processes nobody
# else sees. Whatever it mounts and starts is gone when it ends, however it ends.
set -e
root=$1 data=$2
shift 2
# What is mounted here is nobody else's. Where / is no mount of its own, as in a chroot, that is said of the folder instead.
mount --make-rprivate / 2>/dev/null || { mount --bind "$root" "$root" && mount --make-private "$root"; }
mount --bind "$data" "$root/srv"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mount -t tmpfs -o mode=1777 tmpfs "$root/run"
# Not by exec: a process that changes its account no longer dies with who started it, and this one, the first here, has to.
chroot --userspec=5432:5432 "$root" /usr/bin/env -i PATH=/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/srv LC_ALL=C.UTF-8 "$@" &
wait $!
