#!/bin/sh
# netlab 0.0.0: lab golden, 11 steps. Run it as root.
# Plan: 11 to create, 0 to change, 0 to replace, 0 to delete.
# conflict: namespace:red is there already, and belongs to the lab other.
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

# 12  create address:blue/eth0/10.0.0.2/24
ip -n blue address replace 10.0.0.2/24 broadcast + dev eth0

# 13  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden

# 14  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 15  create address:red/eth0/10.0.0.1/24
ip -n red address replace 10.0.0.1/24 broadcast + dev eth0

# 16  create address:red/eth0/fd00::1/64
ip -n red address replace fd00::1/64 dev eth0 nodad

# 17  create route:red/254/0.0.0.0/0
ip -n red route replace 0.0.0.0/0 table 254 proto 110 via 10.0.0.2 dev eth0
