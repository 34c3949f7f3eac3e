#!/bin/sh
# Records what the tools of this machine print, one folder a version. Run it in a box of its own, from the built repository:
#   node scripts/box.mjs --ovs sh test/recorded/record.sh
set -eu
here=$(dirname "$0")
ip="$here/iproute2-$(ip -V | sed 's/.*iproute2-\([0-9.]*\).*/\1/')"
nft="$here/nftables-$(nft --version | sed 's/nftables v\([0-9.]*\).*/\1/')"
ethtool="$here/ethtool-$(ethtool --version | sed 's/ethtool version //')"
ovs="$here/openvswitch-$(ovs-vsctl --version | sed -n '1s/.* //p')"
mkdir -p "$ip" "$nft" "$ethtool" "$ovs"

ip netns add red; ip netns add blue; ip netns add gw
ip link add name br0 address 02:00:00:00:01:00 type bridge
ip link add name eth0 netns red group 77 address 02:00:00:00:00:01 mtu 1400 type veth \
  peer name eth0 netns blue group 77 address 02:00:00:00:00:02
ip link add name p0 address 02:00:00:00:01:01 master br0 group 77 type veth peer name eth1 netns red address 02:00:00:00:00:03
ip link add name a address 02:00:00:00:02:01 type veth peer name b address 02:00:00:00:02:02
ip link add name "it's" netns gw address 02:00:00:00:03:01 type veth peer name far netns blue address 02:00:00:00:03:02
ip link set dev br0 type bridge stp_state 1
ip link set dev p0 type bridge_slave hairpin on
ip link set dev a alias "say \"a\\b' and more"
for dev in br0 p0 a; do ip link set dev $dev up; done
ip -n red link set dev eth0 up alias netlab:demo
ip -n red link set dev lo up
ip -n red link set dev eth1 up
ip -n blue link set dev eth0 up
ip -n red address add 192.168.15.1/24 dev eth0
ip -n red address add 192.168.15.2/24 dev eth0
ip -n red address add 10.7.7.1/24 dev eth1 valid_lft 5000 preferred_lft 3000
ip -n red address add fd00:15::1/64 dev eth0 nodad
ip -n red address add fe80::1/64 dev eth0 nodad
ip -n red address add 10.255.0.2/32 dev lo
route() { ip -n red route add "$@"; }
route default via 192.168.15.254 proto 110
route 10.0.0.0/8 via 192.168.15.9 metric 50 table 100 proto static
route 172.16.0.0/12 dev eth0 src 192.168.15.1
route 192.0.2.0/24 proto 110 nexthop via 192.168.15.9 weight 2 nexthop via 10.9.9.9 dev eth0 onlink
route 198.51.100.7 via 192.168.15.9 proto bird
route 5.5.5.5 via 10.9.9.9 dev eth0 onlink
route 6.6.6.6 via inet6 fd00:15::9
route 7.7.7.0/24 tos 0x10 via 192.168.15.9
route 10.1.0.0/16 via 192.168.15.9 table default
route blackhole 203.0.113.0/24 proto 110
route unreachable 203.0.114.0/24 metric 7
route prohibit default metric 4000
route throw 203.0.115.0/24
route default via fd00:15::9 proto 110
route fd01::/64 proto 110 nexthop via fd00:15::8 weight 3 nexthop via fd00:15::7 dev eth0
route blackhole fd02::/64
route fd03::1 dev eth0 src fd00:15::1 table 100
ip -n red -6 route add unreachable default metric 4000
# Duplicate address detection and the bridge's port states end by themselves; wait for them, at most 20 s.
tries=200
while ip -n red address show tentative | grep -q . && [ $tries -gt 0 ]; do tries=$((tries - 1)); sleep 0.1; done

read_network() { printf 'address show\nroute show table all\n' | nsenter --net="$1" ip $2 -j -d -batch -; }
for place in red blue gw; do read_network /run/netns/$place -N >"$ip/$place.json"; done
read_network /proc/self/ns/net -N >"$ip/host.json"
read_network /run/netns/red "" >"$ip/red-names.json"
ip -n red -j route show table all >"$ip/red-routes-without-details.json"
ip -j address show up dev b >"$ip/filtered-address-show.json"
for place in red blue gw; do nsenter --net=/run/netns/$place ip -j netns list-id >"$ip/netnsids-$place.json"; done
printf 'link set dev br0 up\nlink add name a type bridge\nlink set dev br0 up\n' | ip -batch - >"$ip/batch-exists.txt" 2>&1 || true
printf 'link set dev br0 up\nlink set dev br0 mtu many\n' | ip -batch - >"$ip/batch-argument.txt" 2>&1 || true
printf 'link set dev br0 up\naddress add 1.2.3.4/33 dev br0\n' | ip -batch - >"$ip/batch-prefix.txt" 2>&1 || true
printf 'link set dev br0 up\nlink set dev nothing up\n' | ip -batch - >"$ip/batch-no-device.txt" 2>&1 || true
printf 'link set dev br0 up\nroute add 1.2.3.0/24 via 9.9.9.9\n' | ip -batch - >"$ip/batch-gateway.txt" 2>&1 || true

ip netns add vm
ip -n vm tuntap add dev tap0 mode tap user nobody vnet_hdr
ip -n vm link set dev tap0 address 02:00:00:00:05:01 group 77
read_network /run/netns/vm -N >"$ip/vm.json"

nft -f - <<'END'
table inet netlab_demo {
  chain postrouting {
    type nat hook postrouting priority srcnat
    ip saddr 192.168.15.0/24 ip daddr != 192.168.15.0/24 masquerade comment "campus"
  }
}
END
nft -j list table inet netlab_demo >"$nft/table.json"
node "$here/../helpers/record-table.mjs" netlab_demo >"$nft/table-netlink.txt"
nft -f "$here/../fixtures/firewalls/docker.nft"
nft insert rule ip filter DOCKER-USER iifname br0 accept comment '"netlab:demo"'
nft -j -t list table ip filter >"$nft/filter.json"
nft -j list table inet nothing >"$nft/no-table.txt" 2>&1 || true
printf 'add table inet a\nadd rule inet a nochain accept\n' | nft -f - >"$nft/error.txt" 2>&1 || true

ethtool -K a tx off >/dev/null
ethtool -k '*' >"$ethtool/features.txt"

ovs-vsctl --timeout=10 add-br sw0 -- set bridge sw0 datapath_type=netdev external_ids:netlab=demo other_config:hwaddr='"02:00:00:00:04:00"' \
  -- add-port sw0 tap1 tag=10 -- set interface tap1 type=internal mtu_request=1400 external_ids:netlab=demo \
  -- add-port sw0 gone trunks=20,10 -- add-port sw0 b vlan_mode=native-untagged tag=5 2>/dev/null
read_ovs() {
  ovs-vsctl --timeout=5 --format=json \
    -- --columns=name,datapath_type,external_ids,other_config,ports list Bridge \
    -- --columns=_uuid,name,tag,trunks,vlan_mode,external_ids,interfaces list Port \
    -- --columns=_uuid,name,type,ofport,error,mtu_request,external_ids list Interface
}
read_ovs >"$ovs/rows.json"
ovs-vsctl --timeout=5 -- add-br sw1 -- set bridge nothing stp_enable=true >"$ovs/no-row.txt" 2>&1 || true
ovs-vsctl --timeout=10 del-br sw0
read_ovs >"$ovs/no-rows.json"
