#!/bin/sh
# netlab 0.0.0: lab golden, 3 steps. Run it as root.
# Plan: 1 to create, 0 to change, 1 to replace, 0 to delete.
set -e

# 1  delete ovs-bridge:sw0
ovs-vsctl --timeout=10 -- --if-exists del-br sw0

# 2  create ovs-bridge:sw0
ovs-vsctl --timeout=10 add-br sw0 -- set Bridge sw0 datapath_type=system external_ids:netlab=golden 'other_config:hwaddr="02:21:f8:79:b7:49"'

# 3  create interface:host/sw0
ip link set dev sw0 group 47961374 up alias netlab:golden
