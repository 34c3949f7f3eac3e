#!/bin/sh
# netlab 0.0.0: lab golden, 17 steps. Run it as root.
# Plan: 17 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:blue
ip netns add blue

# 2  create namespace:red
ip netns add red

# 3  create veth:blue/eth0~red/eth0
ip link add name eth0 netns blue address 02:ec:4b:af:d8:ea group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 10  create interface:blue/eth0
ip -n blue link set dev eth0 up alias netlab:golden

# 11  create interface:blue/lo
ip -n blue link set dev lo up alias netlab:golden

# 12  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden

# 13  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 14  create address:red/eth0/10.0.0.1/24
ip -n red address replace 10.0.0.1/24 broadcast + dev eth0

# 15  create address:red/eth0/fd00::1/64
ip -n red address replace fd00::1/64 dev eth0 nodad

# 16  create route:red/254/172.16.0.0/12
ip -n red route replace 172.16.0.0/12 table 254 proto 110 src 10.0.0.1 dev eth0

# 17  create route:red/254/203.0.113.0/24
ip -n red route replace blackhole 203.0.113.0/24 table 254 proto 110

# 18  create route:red/100/10.8.0.0/16/metric 50
ip -n red route replace 10.8.0.0/16 table 100 metric 50 proto 110 via 10.0.0.9 dev eth0

# 19  create route:red/254/::/0
ip -n red route replace ::/0 table 254 metric 1024 proto 110 via fd00::ff dev eth0

# 20  create route:red/254/0.0.0.0/0
ip -n red route replace 0.0.0.0/0 table 254 proto 110 via 10.0.0.254 dev eth0

# 21  create route:red/254/10.6.0.0/16
ip -n red route replace 10.6.0.0/16 table 254 proto 110 via 192.0.2.1 dev eth0 onlink

# 22  create route:red/254/10.7.0.1/32
ip -n red route replace 10.7.0.1/32 table 254 proto 110 via 172.16.0.1 dev eth0

# 23  create route:red/254/192.0.2.0/24
ip -n red route replace 192.0.2.0/24 table 254 proto 110 nexthop via 10.0.0.9 dev eth0 weight 2 nexthop via 10.0.0.8 dev eth0 weight 1
