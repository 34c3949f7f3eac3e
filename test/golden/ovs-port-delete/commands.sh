#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 5 to delete.
set -e

# 1  delete ovs-port:p0
ovs-vsctl --timeout=10 -- --if-exists del-port sw0 p0

# 2  delete veth:host/p0~red/eth0
ip link delete dev p0
