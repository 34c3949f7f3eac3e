#!/bin/sh
# netlab 0.0.0: lab golden, 8 steps. Run it as root.
# Plan: 6 to create, 0 to change, 0 to replace, 4 to delete.
set -e

# 1  delete veth:host/p0~red/eth0
ip link delete dev p0

# 2  delete namespace:red
ip netns delete red

# 3  create namespace:blue
ip netns add blue

# 4  create veth:blue/eth0~host/p0
ip link add name eth0 netns blue address 02:ec:4b:af:d8:ea group 47961374 type veth peer name p0 address 02:f7:c8:e0:24:8d group 47961374

# 5  create interface:host/p0
ip link set dev p0 up alias netlab:golden

# 9  create interface:blue/eth0
ip -n blue link set dev eth0 up alias netlab:golden

# 10  create interface:blue/lo
ip -n blue link set dev lo up alias netlab:golden

# 11  create address:blue/eth0/10.0.0.1/24
ip -n blue address replace 10.0.0.1/24 broadcast + dev eth0
