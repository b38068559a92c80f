# network.sh PREFIX NET: site-a, site-b and a witness, each a network namespace, joined pair by pair through a fourth that is the way
# between them. Each has one address that never goes away (10.0.N.1, on its loopback), and a link of its own to this machine
# (NET.1 here, NET.1N there), which is everybody else: carriers, users, the tests.
set -e
p=$1 net=$2
# Not "ip -n": that mounts /sys anew, which fails where / is no mount of its own, as in a chroot.
of() {
  space=$1
  shift
  nsenter --net="/run/netns/$space" ip "$@"
}
for each in a b w wan; do
  ip netns add "$p-$each"
  of "$p-$each" link set lo up
done
number() { case $1 in a) echo 1 ;; b) echo 2 ;; w) echo 3 ;; esac; }
site() {
  n=$(number "$1")
  of "$p-$1" addr add "10.0.$n.1/32" dev lo
  ip link add "$p$1" type veth peer name out netns "$p-$1"
  ip addr add "$net.1/32" dev "$p$1"
  ip link set "$p$1" up
  ip route add "$net.1$n/32" dev "$p$1" src "$net.1"
  of "$p-$1" addr add "$net.1$n/32" dev out
  of "$p-$1" link set out up
  of "$p-$1" route add "$net.1/32" dev out src "$net.1$n"
}
between() {
  m=$(number "$1") n=$(number "$2")
  of "$p-wan" link add "$1$2" type bridge
  of "$p-wan" link set "$1$2" up
  for end in "$1 $2 $m $n" "$2 $1 $n $m"; do
    set -- $end
    of "$p-$1" link add "to-$2" type veth peer name "$1-$2" netns "$p-wan"
    of "$p-wan" link set "$1-$2" master "$bridge" up
    of "$p-$1" addr add "10.1.$((m + n)).$3/24" dev "to-$2"
    of "$p-$1" link set "to-$2" up
  done
  for end in "$1 $2" "$2 $1"; do
    set -- $end
    of "$p-$1" route add "10.0.$(number "$2").1/32" via "10.1.$((m + n)).$(number "$2")" dev "to-$2" src "10.0.$(number "$1").1"
  done
}
for each in a b w; do site "$each"; done
bridge=ab; between a b
bridge=aw; between a w
bridge=bw; between b w
