#!/bin/sh
# netlab 0.0.0: lab golden, 4 steps. Run it as root.
# Plan: 2 to create, 0 to change, 1 to replace, 0 to delete.
set -e

# 1  delete tap:host/tap0
ip link delete dev tap0

# 2  create tap:host/tap0
ip tuntap add dev tap0 mode tap user alice
ip link set dev tap0 address 02:32:6b:0c:f7:11 group 47961374

# 3  create port:host/tap0
ip link set dev tap0 master lan0

# 4  create interface:host/tap0
ip link set dev tap0 up alias netlab:golden
