#!/bin/sh
# netlab 0.0.0: lab golden, 8 steps. Run it as root.
# Plan: 7 to create, 0 to change, 0 to replace, 3 to delete.
set -e

# 1  delete veth:host/p0~red/eth0
ip link delete dev p0

# 2  create veth:blue/p0~red/eth0
ip link add name p0 netns blue address 02:1a:5d:3a:2b:c4 group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 3  create interface:blue/p0
ip -n blue link set dev p0 up alias netlab:golden

# 4  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden

# 5  create address:red/eth0/10.0.0.1/24
ip -n red address replace 10.0.0.1/24 broadcast + dev eth0

# 6  create address:red/eth0/10.9.0.7/24
ip -n red address add 10.9.0.7/24 broadcast + dev eth0 valid_lft 600 preferred_lft 300

# 7  create route:red/254/192.0.2.0/24
ip -n red route add 192.0.2.0/24 table 254 proto bird via 10.0.0.2 dev eth0

# 8  create route:red/254/198.51.100.0/24
ip -n red route add 198.51.100.0/24 table 254 proto dhcp src 10.9.0.7 via 10.9.0.1 dev eth0
