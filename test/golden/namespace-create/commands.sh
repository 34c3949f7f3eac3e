#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 2 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:red
ip netns add red

# 5  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden
