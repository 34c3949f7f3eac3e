#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  update takeover:host/ens3
ip link set dev ens3 type bridge_slave hairpin on
