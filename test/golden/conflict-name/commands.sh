#!/bin/sh
# netlab 0.0.0: lab golden, 5 steps. Run it as root.
# Plan: 5 to create, 0 to change, 0 to replace, 0 to delete.
# conflict: veth:host/eth9~red/eth0 cannot be made: interface:host/eth9 is there already on the host, and carries no mark of a lab.
set -e

# 1  create namespace:red
ip netns add red

# 2  create veth:host/eth9~red/eth0
ip link add name eth9 address 02:30:85:e6:28:48 group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 3  create interface:host/eth9
ip link set dev eth9 up alias netlab:golden

# 7  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden

# 8  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden
