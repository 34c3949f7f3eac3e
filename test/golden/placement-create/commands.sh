#!/bin/sh
# netlab 0.0.0: lab golden, 10 steps. Run it as root.
# Plan: 10 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:blue
ip netns add blue

# 2  create namespace:red
ip netns add red

# 9  create ovs-bridge:sw0
ovs-vsctl --timeout=10 add-br sw0 -- set Bridge sw0 datapath_type=netdev external_ids:netlab=golden 'other_config:hwaddr="02:21:f8:79:b7:49"'

# 10  create ovs-port:tap1
ovs-vsctl --timeout=10 add-port sw0 tap1 -- set Interface tap1 external_ids:netlab=golden type=internal 'mac="02:d3:bc:90:2b:f7"' mtu_request=1400 -- set Port tap1 external_ids:netlab=golden

# 11  create interface:blue/lo
ip -n blue link set dev lo up alias netlab:golden

# 12  create interface:host/sw0
ip link set dev sw0 group 47961374 up alias netlab:golden

# 13  create placement:red/tap1
ip link set dev tap1 netns red

# 14  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 15  create interface:red/tap1
ip -n red link set dev tap1 group 47961374 up alias netlab:golden

# 16  create address:red/tap1/10.0.0.1/24
ip -n red address replace 10.0.0.1/24 broadcast + dev tap1
