#!/bin/sh
# netlab 0.0.0: lab golden, 6 steps. Run it as root.
# Plan: 6 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:red
ip netns add red

# 6  create sysctl:host/net.ipv6.conf.ens3.accept_ra
sysctl net.ipv6.conf.ens3.accept_ra=2

# 7  create loan:red/ens3
ip link set dev ens3 group 47961374 netns red

# 8  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 9  create interface:red/ens3
ip -n red link set dev ens3 mtu 1400 up alias netlab:golden

# 10  create address:red/ens3/198.51.100.60/24
ip -n red address replace 198.51.100.60/24 broadcast + dev ens3
