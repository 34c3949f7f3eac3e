#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 1 to delete.
set -e

# 1  delete address:red/eth0/fd00::1/64
ip -n red address delete fd00::1/64 dev eth0
