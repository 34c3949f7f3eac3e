#!/bin/sh
# netlab 0.0.0: lab golden, 4 steps. Run it as root.
# Plan: 2 to create, 0 to change, 1 to replace, 1 to delete.
set -e

# 1  delete address:red/eth0/10.0.0.1/24
ip -n red address delete 10.0.0.1/24 dev eth0

# 2  create address:red/eth0/10.0.0.2/24
ip -n red address replace 10.0.0.2/24 broadcast + dev eth0

# 3  create address:red/eth0/10.0.0.7/24
ip -n red address replace 10.0.0.7/24 broadcast + dev eth0

# 4  create route:red/254/0.0.0.0/0
ip -n red route replace 0.0.0.0/0 table 254 proto 110 via 10.0.0.3 dev eth0
