#!/bin/sh
# netlab 0.0.0: lab golden, 5 steps. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 4 to delete.
set -e

# 1  delete route:red/254/fd05::/64
ip -n red route delete blackhole fd05::/64 table 254 metric 1024 proto 110

# 2  delete route:red/254/fd09::/64
ip -n red route delete fd09::/64 table 254 metric 1024 proto 110 via fd00::2 dev eth0

# 3  delete address:red/eth0/fd00::1/64
ip -n red address delete fd00::1/64 dev eth0

# 4  delete address:red/lo/fd01::1/128
ip -n red address delete fd01::1/128 dev lo

# 5  update sysctl:red/net.ipv6.conf.all.disable_ipv6
nsenter --net=/run/netns/red sysctl net.ipv6.conf.all.disable_ipv6=1
