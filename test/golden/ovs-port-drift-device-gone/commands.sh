#!/bin/sh
# netlab 0.0.0: lab golden, 6 steps. Run it as root.
# Plan: 4 to create, 0 to change, 1 to replace, 0 to delete.
set -e

# 1  delete ovs-port:p0
ovs-vsctl --timeout=10 -- --if-exists del-port sw0 p0

# 2  create veth:host/p0~red/eth0
ip link add name p0 address 02:f7:c8:e0:24:8d group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 3  create interface:host/p0
ip link set dev p0 up alias netlab:golden

# 4  create ovs-port:p0
ovs-vsctl --timeout=10 add-port sw0 p0 tag=10 -- set Interface p0 external_ids:netlab=golden -- set Port p0 external_ids:netlab=golden

# 5  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden

# 6  create offload:red/eth0
nsenter --net=/run/netns/red ethtool -K eth0 tx off
