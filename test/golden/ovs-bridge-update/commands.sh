#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 2 to change, 0 to replace, 0 to delete.
set -e

# 1  update ovs-bridge:sw0
ovs-vsctl --timeout=10 set Bridge sw0 'other_config:hwaddr="02:00:00:00:00:01"' -- set Interface sw0 mtu_request=1400

# 2  update interface:host/sw0
ip link set dev sw0 address 02:00:00:00:00:01 mtu 1400
