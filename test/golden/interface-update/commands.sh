#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  update interface:red/eth0
ip -n red link set dev eth0 address 02:00:00:00:00:07 mtu 9000
