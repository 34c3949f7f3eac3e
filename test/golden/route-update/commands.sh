#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 2 to change, 0 to replace, 0 to delete.
set -e

# 1  update route:red/254/203.0.113.0/24
ip -n red route replace prohibit 203.0.113.0/24 table 254 proto 110

# 2  update route:red/254/0.0.0.0/0
ip -n red route replace 0.0.0.0/0 table 254 proto 110 via 10.0.0.253 dev eth0
