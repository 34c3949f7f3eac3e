#!/bin/sh
# netlab 0.0.0: lab golden, 10 steps. Run it as root.
# Plan: 10 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:red
ip netns add red

# 2  create bridge:host/lan0
ip link add name lan0 address 02:4b:bb:3a:3f:f0 group 47961374 type bridge stp_state 0

# 3  create bridge:host/lan1
ip link add name lan1 address 02:ec:a7:32:5f:f0 group 47961374 type bridge stp_state 0

# 4  create veth:host/p0~red/eth0
ip link add name p0 address 02:f7:c8:e0:24:8d group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 5  create port:host/p0
ip link set dev p0 master lan0
ip link set dev p0 type bridge_slave hairpin on

# 6  create interface:host/p0
ip link set dev p0 up alias netlab:golden

# 7  create interface:host/lan1
ip link set dev lan1 up alias netlab:golden

# 11  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden

# 12  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 13  create interface:host/lan0
ip link set dev lan0 up alias netlab:golden
