#!/bin/sh
# netlab 0.0.0: lab golden, 7 steps. Run it as root.
# Plan: 5 to create, 0 to change, 0 to replace, 1 to delete.
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

# 3  create ovs-bridge:br0
ovs-vsctl --timeout=10 add-br br0 -- set Bridge br0 datapath_type=netdev external_ids:netlab=golden 'other_config:hwaddr="02:00:5e:00:53:0a"'

# 4  create ovs-port:ens3
ovs-vsctl --timeout=10 add-port br0 ens3 -- set Interface ens3 external_ids:netlab=golden -- set Port ens3 external_ids:netlab=golden

# 5  create sysctl:host/net.ipv6.conf.br0.accept_ra
sysctl net.ipv6.conf.br0.accept_ra=2

# 6  create interface:host/br0
ip link set dev br0 group 47961374 up alias netlab:golden

# 7  create takeover:host/ens3
ip neighbour replace 198.51.100.1 lladdr 02:00:5e:00:53:01 dev br0 nud stale
ip neighbour replace 2001:db8:53::7 lladdr 02:00:5e:00:53:07 dev br0 nud permanent
ip address add 198.51.100.10/24 broadcast 198.51.100.255 dev br0 scope 0
ip address add 198.51.100.20/24 dev br0 scope 0 label br0:1
ip address add 2001:db8:53::10/64 dev br0 nodad
ip route delete 0.0.0.0/0 via 198.51.100.1 dev ens3 table 254 proto 4 scope 0
ip route append 0.0.0.0/0 via 198.51.100.1 dev br0 table 254 proto 4 scope 0
ip neighbour delete 2001:db8:53::7 dev ens3
ip address delete 2001:db8:53::10/64 dev ens3
ip address delete 198.51.100.20/24 dev ens3
ip address delete 198.51.100.10/24 dev ens3
