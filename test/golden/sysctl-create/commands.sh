#!/bin/sh
# netlab 0.0.0: lab golden, 12 steps. Run it as root.
# Plan: 11 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:blue
ip netns add blue

# 2  create namespace:red
ip netns add red

# 6  update sysctl:host/net.ipv4.ip_forward
sysctl net.ipv4.ip_forward=1

# 7  create sysctl:blue/net.ipv6.conf.all.disable_ipv6
nsenter --net=/run/netns/blue sysctl net.ipv6.conf.all.disable_ipv6=1

# 8  create sysctl:red/net.ipv4.conf.all.rp_filter
nsenter --net=/run/netns/red sysctl net.ipv4.conf.all.rp_filter=0

# 9  create sysctl:red/net.ipv4.ip_forward
nsenter --net=/run/netns/red sysctl net.ipv4.ip_forward=1

# 10  create veth:blue/eth0~red/eth0
ip link add name eth0 netns blue address 02:ec:4b:af:d8:ea group 47961374 type veth peer name eth0 netns red address 02:4e:d7:9b:85:e8 group 47961374

# 11  create sysctl:red/net.ipv4.conf.eth0.rp_filter
nsenter --net=/run/netns/red sysctl net.ipv4.conf.eth0.rp_filter=2

# 12  create interface:blue/lo
ip -n blue link set dev lo up alias netlab:golden

# 13  create interface:blue/eth0
ip -n blue link set dev eth0 up alias netlab:golden

# 14  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 15  create interface:red/eth0
ip -n red link set dev eth0 up alias netlab:golden
