#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  update address:red/eth0/10.0.0.1/24
ip -n red address replace 10.0.0.1/24 broadcast + dev eth0
