#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 7 to delete.
set -e

# 1  delete veth:blue/eth0~red/eth0
ip -n blue link delete dev eth0
