#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 2 to delete.
set -e

# 1  delete route:a/254/fd98::5/128/metric 50
ip -n a route delete fd98::5/128 table 254 metric 50 proto 110 dev e0

# 2  delete address:a/e0/fd00::1/64
ip -n a address delete fd00::1/64 dev e0
