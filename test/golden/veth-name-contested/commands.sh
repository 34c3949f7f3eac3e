#!/bin/sh
# netlab 0.0.0: lab golden, 4 steps. Run it as root.
# Plan: 3 to create, 0 to change, 0 to replace, 2 to delete.
set -e

# 1  delete veth:blue/eth0~red/eth0
ip -n blue link delete dev eth0

# 2  create veth:green/eth0~red/eth0
ip link add name eth0 netns green address 02:35:11:11:f0:d7 group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 3  create interface:green/eth0
ip -n green link set dev eth0 up alias netlab:golden

# 4  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden
