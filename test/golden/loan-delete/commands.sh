#!/bin/sh
# netlab 0.0.0: lab golden, 3 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 5 to delete.
set -e

# 1  delete loan:red/ens3
ip -n red link set dev ens3 down address 02:00:5e:00:53:0a mtu 1500 group 0 alias ''
ip -n red link set dev ens3 netns 1

# 2  delete sysctl:host/net.ipv6.conf.ens3.accept_ra
sysctl -e net.ipv6.conf.ens3.accept_ra=2

# 3  delete takeover:host/ens3
ip link set dev ens3 up
ip neighbour replace 2001:db8:53::7 lladdr 02:00:5e:00:53:07 dev ens3 nud permanent
ip address add 198.51.100.10/24 broadcast 198.51.100.255 dev ens3 scope 0
ip address add 198.51.100.20/24 dev ens3 scope 0 label ens3:1
ip address add 2001:db8:53::10/64 dev ens3 nodad
ip address change 2001:db8:53::10/64 dev ens3
ip route append 0.0.0.0/0 via 198.51.100.1 dev ens3 table 254 proto 4 scope 0
