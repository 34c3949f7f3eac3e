#!/bin/sh
# netlab 0.0.0: lab golden, 4 steps. Run it as root.
# Plan: 2 to create, 2 to change, 0 to replace, 0 to delete.
set -e

# 1  update ovs-bridge:sw0
ovs-vsctl --timeout=10 set Bridge sw0 'other_config:hwaddr="02:00:00:00:00:01"'

# 2  update interface:host/sw0
ip link set dev sw0 address 02:00:00:00:00:01

# 3  create address:host/sw0/fd00::1/64
ip address replace fd00::1/64 dev sw0 nodad

# 4  create route:host/254/10.9.0.0/16
ip route replace 10.9.0.0/16 table 254 proto 110 via 10.0.0.2 dev sw0
