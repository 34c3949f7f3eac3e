#!/bin/sh
# netlab 0.0.0: lab golden, 3 steps. Run it as root.
# Plan: 3 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 2  create placement:red/tap1
ip link set dev tap1 netns red

# 3  create interface:red/tap1
ip -n red link set dev tap1 group 47961374 up alias netlab:golden

# 4  create address:red/tap1/10.0.0.1/24
ip -n red address replace 10.0.0.1/24 broadcast + dev tap1
