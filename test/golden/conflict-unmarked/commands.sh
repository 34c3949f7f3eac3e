#!/bin/sh
# netlab 0.0.0: lab golden, 7 steps. Run it as root.
# Plan: 7 to create, 0 to change, 0 to replace, 0 to delete.
# conflict: bridge:host/lan0 is there already, and carries no mark of a lab.
set -e

# 1  create namespace:red
ip netns add red

# 2  create bridge:host/lan0
ip link add name lan0 address 02:4b:bb:3a:3f:f0 group 47961374 type bridge stp_state 0

# 3  create interface:host/lan0
ip link set dev lan0 up alias netlab:golden

# 4  create address:host/lan0/10.0.0.254/24
ip address replace 10.0.0.254/24 broadcast + dev lan0

# 8  create bridge:red/br0
ip -n red link add name br0 address 02:e3:2b:9c:c6:ef group 47961374 type bridge stp_state 0

# 9  create interface:red/br0
ip -n red link set dev br0 up alias netlab:golden

# 10  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden
