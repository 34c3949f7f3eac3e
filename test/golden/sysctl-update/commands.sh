#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 2 to change, 0 to replace, 0 to delete.
set -e

# 1  update sysctl:red/net.ipv6.conf.all.forwarding
nsenter --net=/run/netns/red sysctl net.ipv6.conf.all.forwarding=1

# 2  update sysctl:red/net.ipv4.conf.eth0.rp_filter
nsenter --net=/run/netns/red sysctl net.ipv4.conf.eth0.rp_filter=1
