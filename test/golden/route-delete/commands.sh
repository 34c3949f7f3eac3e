#!/bin/sh
# netlab 0.0.0: lab golden, 7 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 7 to delete.
set -e

# 1  delete route:red/100/10.8.0.0/16/metric 50
ip -n red route delete 10.8.0.0/16 table 100 metric 50 proto 110 via 10.0.0.9 dev eth0

# 2  delete route:red/254/::/0
ip -n red route delete ::/0 table 254 metric 1024 proto 110 via fd00::ff dev eth0

# 3  delete route:red/254/10.6.0.0/16
ip -n red route delete 10.6.0.0/16 table 254 proto 110 via 192.0.2.1 dev eth0 onlink

# 4  delete route:red/254/10.7.0.1/32
ip -n red route delete 10.7.0.1/32 table 254 proto 110 via 172.16.0.1 dev eth0

# 5  delete route:red/254/172.16.0.0/12
ip -n red route delete 172.16.0.0/12 table 254 proto 110 dev eth0

# 6  delete route:red/254/192.0.2.0/24
ip -n red route delete 192.0.2.0/24 table 254 proto 110

# 7  delete route:red/254/203.0.113.0/24
ip -n red route delete blackhole 203.0.113.0/24 table 254 proto 110
