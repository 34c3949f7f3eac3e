#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 1 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create offload:red/eth0
nsenter --net=/run/netns/red ethtool -K eth0 tx off
