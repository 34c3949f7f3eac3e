#!/bin/sh
# netlab 0.0.0: lab golden, 4 steps. Run it as root.
# Plan: 2 to create, 1 to change, 0 to replace, 1 to delete.
set -e

# 1  delete route:red/254/10.9.0.0/16
ip -n red route delete 10.9.0.0/16 table 254 proto 110 via 10.0.0.2 dev eth0

# 2  update interface:red/eth0
ip -n red link set dev eth0 mtu 1500 down

# 3  create address:red/eth0/fd00::1/64
ip -n red address replace fd00::1/64 dev eth0 nodad

# 4  create address:red/eth0/fd00:2::1/64
ip -n red address replace fd00:2::1/64 dev eth0 nodad
