#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 2 to delete.
set -e

# 1  delete takeover:host/ens3
ip link set dev ens3 nomaster
ip neighbour replace 2001:db8:53::7 lladdr 02:00:5e:00:53:07 dev ens3 nud permanent
ip address add 198.51.100.10/24 broadcast 198.51.100.255 dev ens3 scope 0
ip address add 198.51.100.20/24 dev ens3 scope 0 label ens3:1
ip address add 2001:db8:53::10/64 dev ens3 nodad
ip address change 2001:db8:53::10/64 dev ens3
ip route delete 0.0.0.0/0 via 198.51.100.1 dev br0 table 254 proto 4 scope 0
ip route append 0.0.0.0/0 via 198.51.100.1 dev ens3 table 254 proto 4 scope 0
ip neighbour delete 2001:db8:53::7 dev br0
ip address delete 2001:db8:53::10/64 dev br0
ip address delete 198.51.100.20/24 dev br0
ip address delete 198.51.100.10/24 dev br0

# 2  update interface:host/br0
ip link set dev br0 address 02:a7:07:8e:e2:5f
