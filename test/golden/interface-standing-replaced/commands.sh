#!/bin/sh
# netlab 0.0.0: lab golden, 5 steps. Run it as root.
# Plan: 4 to create, 0 to change, 0 to replace, 2 to delete.
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
