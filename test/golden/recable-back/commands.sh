#!/bin/sh
# netlab 0.0.0: lab recable, 10 steps. Run it as root.
# Plan: 6 to create, 0 to change, 0 to replace, 15 to delete.
set -e

# 1  delete veth:host/left-eth0~left/eth0
ip link delete dev left-eth0

# 2  delete veth:host/right-eth0~right/eth0
ip link delete dev right-eth0

# 3  delete bridge:host/br-mid
ip link set dev br-mid down
ip link delete dev br-mid

# 4  delete namespace:third
ip netns delete third

# 5  create veth:left/eth0~right/eth0
ip link add name eth0 netns left address 02:90:ab:0a:a5:33 group 430812981 type veth peer name eth0 netns right address 02:f9:c6:76:2d:2b group 430812981

# 6  create interface:left/eth0
ip -n left link set dev eth0 up alias netlab:recable

# 7  create address:left/eth0/10.80.0.1/24
ip -n left address replace 10.80.0.1/24 broadcast + dev eth0

# 8  create route:left/254/0.0.0.0/0
ip -n left route replace 0.0.0.0/0 table 254 proto 110 via 10.80.0.2 dev eth0

# 9  create interface:right/eth0
ip -n right link set dev eth0 up alias netlab:recable

# 10  create address:right/eth0/10.80.0.2/24
ip -n right address replace 10.80.0.2/24 broadcast + dev eth0
