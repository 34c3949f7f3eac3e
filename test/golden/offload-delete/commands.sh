#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 2 to delete.
set -e

# 1  delete offload:red/eth0
nsenter --net=/run/netns/red ethtool -K eth0 tx on

# 2  delete ovs-port:red-eth0
ovs-vsctl --timeout=10 -- --if-exists del-port sw0 red-eth0
