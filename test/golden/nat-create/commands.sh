#!/bin/sh
# netlab 0.0.0: lab golden, 21 steps. Run it as root.
# Plan: 21 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:gw
ip netns add gw

# 2  create namespace:out
ip netns add out

# 3  create namespace:red
ip netns add red

# 11  create sysctl:gw/net.ipv4.ip_forward
nsenter --net=/run/netns/gw sysctl net.ipv4.ip_forward=1

# 12  create sysctl:gw/net.ipv6.conf.all.forwarding
nsenter --net=/run/netns/gw sysctl net.ipv6.conf.all.forwarding=1

# 13  create nat:gw
nsenter --net=/run/netns/gw nft -f - <<'END'
create table inet netlab_golden
table inet netlab_golden {
  chain prerouting {
    type nat hook prerouting priority -100; policy accept;
    fib daddr type local ip daddr != 127.0.0.0/8 tcp dport 8080 dnat ip to 10.0.0.1:80 comment "netlab:golden"
    ip daddr 198.51.100.1 dnat ip to 10.0.0.1 comment "netlab:golden"
    fib daddr type local ip6 daddr != ::1 udp dport 53 dnat ip6 to fd00::1 comment "netlab:golden"
  }
  chain output {
    type nat hook output priority -100; policy accept;
    fib daddr type local ip daddr != 127.0.0.0/8 tcp dport 8080 dnat ip to 10.0.0.1:80 comment "netlab:golden"
    ip daddr 198.51.100.1 dnat ip to 10.0.0.1 comment "netlab:golden"
    fib daddr type local ip6 daddr != ::1 udp dport 53 dnat ip6 to fd00::1 comment "netlab:golden"
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    ip saddr 10.0.0.0/24 oifname "eth1" masquerade comment "netlab:golden"
    ip6 saddr fd00::/64 ip6 daddr != fd00::/64 masquerade comment "netlab:golden"
    oifname "eth1" masquerade comment "netlab:golden"
    ct status dnat ip saddr 10.0.0.0/24 ip daddr 10.0.0.1 masquerade comment "netlab:golden"
    ct status dnat ip6 saddr fd00::/64 ip6 daddr fd00::1 masquerade comment "netlab:golden"
  }
}
END

# 14  create veth:gw/eth0~red/eth0
ip link add name eth0 netns gw address 02:b7:93:9b:7e:63 group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 15  create veth:gw/eth1~out/eth0
ip link add name eth1 netns gw address 02:d3:25:a4:bd:07 group 47961374 type veth peer name eth0 netns out address 02:7f:cf:b6:8b:c4 group 47961374

# 16  create interface:gw/lo
ip -n gw link set dev lo up alias netlab:golden

# 17  create interface:gw/eth0
ip -n gw link set dev eth0 up alias netlab:golden

# 18  create interface:gw/eth1
ip -n gw link set dev eth1 up alias netlab:golden

# 19  create address:gw/eth0/10.0.0.254/24
ip -n gw address replace 10.0.0.254/24 broadcast + dev eth0

# 20  create address:gw/eth0/fd00::fe/64
ip -n gw address replace fd00::fe/64 dev eth0 nodad

# 21  create address:gw/eth1/198.51.100.1/24
ip -n gw address replace 198.51.100.1/24 broadcast + dev eth1

# 22  create interface:out/lo
ip -n out link set dev lo up alias netlab:golden

# 23  create interface:out/eth0
ip -n out link set dev eth0 up alias netlab:golden

# 24  create address:out/eth0/198.51.100.2/24
ip -n out address replace 198.51.100.2/24 broadcast + dev eth0

# 25  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 26  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden

# 27  create address:red/eth0/10.0.0.1/24
ip -n red address replace 10.0.0.1/24 broadcast + dev eth0

# 28  create address:red/eth0/fd00::1/64
ip -n red address replace fd00::1/64 dev eth0 nodad
