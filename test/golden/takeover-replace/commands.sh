#!/bin/sh
# netlab 0.0.0: lab golden, 6 steps. Run it as root.
# Plan: 3 to create, 0 to change, 1 to replace, 3 to delete.
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

# 2  delete bridge:host/br0
ip link set dev br0 down
ip link delete dev br0

# 3  create bridge:host/br1
ip link add name br1 address 02:00:5e:00:53:0a group 47961374 type bridge stp_state 0

# 4  create interface:host/br1
ip link set dev br1 up alias netlab:golden

# 5  create sysctl:host/net.ipv6.conf.br1.accept_ra
sysctl net.ipv6.conf.br1.accept_ra=2

# 6  create takeover:host/ens3
ip link set dev ens3 master br1
ip neighbour replace 198.51.100.1 lladdr 02:00:5e:00:53:01 dev br1 nud stale
ip neighbour replace 2001:db8:53::7 lladdr 02:00:5e:00:53:07 dev br1 nud permanent
ip address add 198.51.100.10/24 broadcast 198.51.100.255 dev br1 scope 0
ip address add 198.51.100.20/24 dev br1 scope 0 label br1:1
ip address add 2001:db8:53::10/64 dev br1 nodad
ip route delete 0.0.0.0/0 via 198.51.100.1 dev ens3 table 254 proto 4 scope 0
ip route append 0.0.0.0/0 via 198.51.100.1 dev br1 table 254 proto 4 scope 0
ip neighbour delete 2001:db8:53::7 dev ens3
ip address delete 2001:db8:53::10/64 dev ens3
ip address delete 198.51.100.20/24 dev ens3
ip address delete 198.51.100.10/24 dev ens3
