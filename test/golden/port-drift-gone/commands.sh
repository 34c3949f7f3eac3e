#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 1 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create port:host/p0
ip link set dev p0 master lan0
ip link set dev p0 type bridge_slave hairpin on
