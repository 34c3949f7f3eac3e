#!/bin/sh
# netlab 0.0.0: lab golden, 9 steps. Run it as root.
# Plan: 9 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:red
ip netns add red

# 2  create veth:host/red-eth0~red/eth0
ip link add name red-eth0 address 02:0e:ba:8f:e6:2a group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 3  create interface:host/red-eth0
ip link set dev red-eth0 up alias netlab:golden

# 7  create ovs-bridge:sw0
ovs-vsctl --timeout=10 add-br sw0 -- set Bridge sw0 datapath_type=netdev external_ids:netlab=golden 'other_config:hwaddr="02:21:f8:79:b7:49"'

# 8  create ovs-port:red-eth0
ovs-vsctl --timeout=10 add-port sw0 red-eth0 -- set Interface red-eth0 external_ids:netlab=golden -- set Port red-eth0 external_ids:netlab=golden

# 9  create interface:host/sw0
ip link set dev sw0 group 47961374 up alias netlab:golden

# 10  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden

# 11  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 12  create offload:red/eth0
nsenter --net=/run/netns/red ethtool -K eth0 tx off
