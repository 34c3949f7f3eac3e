#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 4 to delete.
set -e

# 1  delete veth:host/p0~red/eth0
ip link delete dev p0
