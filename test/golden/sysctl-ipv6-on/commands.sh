#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 1 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  update sysctl:red/net.ipv6.conf.all.disable_ipv6
nsenter --net=/run/netns/red sysctl net.ipv6.conf.all.disable_ipv6=0

# 2  create address:red/eth0/fd00::1/64
ip -n red address replace fd00::1/64 dev eth0 nodad
