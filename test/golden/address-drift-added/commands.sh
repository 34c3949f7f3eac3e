#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 1 to delete.
set -e

# 1  delete address:red/eth0/10.66.0.1/24
ip -n red address delete 10.66.0.1/24 dev eth0
