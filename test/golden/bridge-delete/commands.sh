#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 5 to delete.
set -e

# 1  delete bridge:host/lan0
ip link set dev lan0 down
ip link delete dev lan0

# 2  delete bridge:red/br0
ip -n red link set dev br0 down
ip -n red link delete dev br0
