#!/bin/sh
# netlab 0.0.0: lab campus, 62 steps. Run it as root.
# Plan: 62 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:blue
ip netns add blue

# 2  create namespace:gw
ip netns add gw

# 3  create namespace:red
ip netns add red

# 4  create namespace:spare
ip netns add spare

# 5  create namespace:vm
ip netns add vm

# 19  create sysctl:host/net.ipv4.ip_forward
sysctl net.ipv4.ip_forward=1

# 20  create nat:host
nft -f - <<'END'
create table inet netlab_campus
table inet netlab_campus {
  chain prerouting {
    type nat hook prerouting priority -100; policy accept;
  }
  chain output {
    type nat hook output priority -100; policy accept;
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    ip saddr 198.51.100.0/24 ip daddr != 198.51.100.0/24 masquerade comment "netlab:campus"
  }
}
END

# 21  create sysctl:gw/net.ipv4.conf.all.rp_filter
nsenter --net=/run/netns/gw sysctl net.ipv4.conf.all.rp_filter=0

# 22  create sysctl:gw/net.ipv4.ip_forward
nsenter --net=/run/netns/gw sysctl net.ipv4.ip_forward=1

# 23  create sysctl:gw/net.ipv6.conf.all.forwarding
nsenter --net=/run/netns/gw sysctl net.ipv6.conf.all.forwarding=1

# 24  create bridge:host/lan0
ip link add name lan0 address 02:99:f0:53:e5:07 group 31530920 type bridge stp_state 0

# 25  create veth:host/vm-eth1~vm/eth1
ip link add name vm-eth1 address 02:98:2e:35:29:fd group 31530920 type veth peer name eth1 netns vm address 02:09:6c:70:04:10 group 31530920

# 26  create port:host/vm-eth1
ip link set dev vm-eth1 master lan0

# 27  create interface:host/vm-eth1
ip link set dev vm-eth1 up alias netlab:campus

# 28  create ovs-bridge:br1
ovs-vsctl --timeout=10 add-br br1 -- set Bridge br1 datapath_type=netdev external_ids:netlab=campus 'other_config:hwaddr="02:66:e5:30:06:ea"'

# 29  create ovs-port:tap1
ovs-vsctl --timeout=10 add-port br1 tap1 tag=10 -- set Interface tap1 external_ids:netlab=campus type=internal 'mac="02:c7:03:fe:e0:cd"' -- set Port tap1 external_ids:netlab=campus

# 30  create interface:blue/lo
ip -n blue link set dev lo up alias netlab:campus

# 31  create address:blue/lo/10.255.0.2/32
ip -n blue address replace 10.255.0.2/32 dev lo

# 32  create interface:spare/lo
ip -n spare link set dev lo up alias netlab:campus

# 33  create nat:gw
nsenter --net=/run/netns/gw nft -f - <<'END'
create table inet netlab_campus
table inet netlab_campus {
  chain prerouting {
    type nat hook prerouting priority -100; policy accept;
    fib daddr type local ip daddr != 127.0.0.0/8 tcp dport 8080 dnat ip to 192.168.15.2:80 comment "netlab:campus"
    ip daddr 198.51.100.235 dnat ip to 192.168.15.1 comment "netlab:campus"
  }
  chain output {
    type nat hook output priority -100; policy accept;
    fib daddr type local ip daddr != 127.0.0.0/8 tcp dport 8080 dnat ip to 192.168.15.2:80 comment "netlab:campus"
    ip daddr 198.51.100.235 dnat ip to 192.168.15.1 comment "netlab:campus"
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    ip saddr 192.168.15.0/24 oifname "eth1" masquerade comment "netlab:campus"
    ct status dnat ip saddr 192.168.15.0/24 ip daddr 192.168.15.2 masquerade comment "netlab:campus"
    ct status dnat ip saddr 192.168.15.0/24 ip daddr 192.168.15.1 masquerade comment "netlab:campus"
  }
}
END

# 34  create veth:blue/eth0~gw/veth-blue-br
ip link add name eth0 netns blue address 02:a1:a6:e2:47:43 group 31530920 type veth peer name veth-blue-br netns gw address 02:50:77:ad:9c:40 group 31530920

# 35  create veth:gw/eth1~host/gw0
ip link add name eth1 netns gw address 02:b7:f7:61:c0:54 mtu 9000 group 31530920 type veth peer name gw0 address 02:a2:f6:79:2f:a6 mtu 9000 group 31530920

# 36  create veth:gw/eth2~host/up0
ip link add name eth2 netns gw address 02:09:fe:cb:75:4d group 31530920 type veth peer name up0 address 02:a3:d6:27:16:59 group 31530920

# 37  create veth:gw/red-eth0~red/eth0
ip link add name red-eth0 netns gw address 02:ca:5e:46:7d:b7 group 31530920 type veth peer name eth0 netns red address 02:00:00:00:15:01 mtu 1400 group 31530920

# 38  create placement:vm/tap1
ip link set dev tap1 netns vm

# 39  create interface:host/br1
ip link set dev br1 group 31530920 up alias netlab:campus

# 40  create interface:host/gw0
ip link set dev gw0 up alias netlab:campus

# 41  create interface:host/up0
ip link set dev up0 up alias netlab:campus

# 42  create address:host/gw0/198.51.100.1/24
ip address replace 198.51.100.1/24 broadcast + dev gw0

# 43  create interface:vm/lo
ip -n vm link set dev lo up alias netlab:campus

# 44  create interface:vm/eth1
ip -n vm link set dev eth1 up alias netlab:campus

# 45  create address:vm/eth1/10.1.0.1/24
ip -n vm address replace 10.1.0.1/24 broadcast + dev eth1

# 46  create ovs-port:up0
ovs-vsctl --timeout=10 add-port br1 up0 trunks=10,20 -- set Interface up0 external_ids:netlab=campus -- set Port up0 external_ids:netlab=campus

# 47  create bridge:gw/v-net-0
ip -n gw link add name v-net-0 address 02:b3:04:9b:bc:9a group 31530920 type bridge stp_state 0

# 48  create interface:gw/lo
ip -n gw link set dev lo up alias netlab:campus

# 49  create port:gw/red-eth0
ip -n gw link set dev red-eth0 master v-net-0

# 50  create port:gw/veth-blue-br
ip -n gw link set dev veth-blue-br master v-net-0
ip -n gw link set dev veth-blue-br type bridge_slave hairpin on

# 51  create interface:gw/eth1
ip -n gw link set dev eth1 up alias netlab:campus

# 52  create interface:gw/eth2
ip -n gw link set dev eth2 up alias netlab:campus

# 53  create interface:gw/red-eth0
ip -n gw link set dev red-eth0 up alias netlab:campus

# 54  create interface:gw/veth-blue-br
ip -n gw link set dev veth-blue-br up alias netlab:campus

# 55  create address:gw/eth1/198.51.100.234/24
ip -n gw address replace 198.51.100.234/24 broadcast + dev eth1

# 56  create address:gw/eth1/198.51.100.235/24
ip -n gw address replace 198.51.100.235/24 broadcast + dev eth1

# 57  create interface:blue/eth0
ip -n blue link set dev eth0 up alias netlab:campus

# 58  create address:blue/eth0/192.168.15.2/24
ip -n blue address replace 192.168.15.2/24 broadcast + dev eth0

# 59  create route:blue/254/0.0.0.0/0
ip -n blue route replace 0.0.0.0/0 table 254 proto 110 via 192.168.15.254 dev eth0

# 60  create interface:red/lo
ip -n red link set dev lo up alias netlab:campus

# 61  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:campus

# 62  create address:red/eth0/192.168.15.1/24
ip -n red address replace 192.168.15.1/24 broadcast + dev eth0

# 63  create address:red/eth0/fd00:15::1/64
ip -n red address replace fd00:15::1/64 dev eth0 nodad

# 64  create route:red/254/172.16.0.0/12
ip -n red route replace 172.16.0.0/12 table 254 proto 110 src 192.168.15.1 dev eth0

# 65  create route:red/254/203.0.113.0/24
ip -n red route replace blackhole 203.0.113.0/24 table 254 proto 110

# 66  create route:red/100/10.0.0.0/8/metric 50
ip -n red route replace 10.0.0.0/8 table 100 metric 50 proto 110 via 192.168.15.9 dev eth0

# 67  create route:red/254/0.0.0.0/0
ip -n red route replace 0.0.0.0/0 table 254 proto 110 via 192.168.15.254 dev eth0

# 68  create route:red/254/192.0.2.0/24
ip -n red route replace 192.0.2.0/24 table 254 proto 110 nexthop via 192.168.15.9 dev eth0 weight 2 nexthop via 192.168.15.8 dev eth0 weight 1

# 69  create interface:host/lan0
ip link set dev lan0 up alias netlab:campus

# 70  create address:host/lan0/10.1.0.254/24
ip address replace 10.1.0.254/24 broadcast + dev lan0

# 71  create interface:vm/tap1
ip -n vm link set dev tap1 group 31530920 up alias netlab:campus

# 72  create address:vm/tap1/10.0.0.1/24
ip -n vm address replace 10.0.0.1/24 broadcast + dev tap1

# 73  create offload:gw/eth2
nsenter --net=/run/netns/gw ethtool -K eth2 tx off

# 74  create interface:gw/v-net-0
ip -n gw link set dev v-net-0 up alias netlab:campus

# 75  create address:gw/v-net-0/192.168.15.254/24
ip -n gw address replace 192.168.15.254/24 broadcast + dev v-net-0
