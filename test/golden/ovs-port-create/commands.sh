#!/bin/sh
# netlab 0.0.0: lab golden, 11 steps. Run it as root.
# Plan: 11 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:red
ip netns add red

# 2  create veth:host/p0~red/eth0
ip link add name p0 address 02:f7:c8:e0:24:8d group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 3  create interface:host/p0
ip link set dev p0 up alias netlab:golden

# 7  create ovs-bridge:sw0
ovs-vsctl --timeout=10 add-br sw0 -- set Bridge sw0 datapath_type=netdev external_ids:netlab=golden 'other_config:hwaddr="02:21:f8:79:b7:49"'

# 8  create ovs-bridge:sw1
ovs-vsctl --timeout=10 add-br sw1 -- set Bridge sw1 datapath_type=netdev external_ids:netlab=golden 'other_config:hwaddr="02:24:36:de:1d:d2"'

# 9  create ovs-port:p0
ovs-vsctl --timeout=10 add-port sw0 p0 tag=10 -- set Interface p0 external_ids:netlab=golden -- set Port p0 external_ids:netlab=golden

# 10  create interface:host/sw0
ip link set dev sw0 group 47961374 up alias netlab:golden

# 11  create interface:host/sw1
ip link set dev sw1 group 47961374 up alias netlab:golden

# 12  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden

# 13  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 14  create offload:red/eth0
nsenter --net=/run/netns/red ethtool -K eth0 tx off
