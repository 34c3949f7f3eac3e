#!/bin/sh
# netlab 0.0.0: lab golden, 16 steps. Run it as root.
# Plan: 16 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:red
ip netns add red

# 2  create tap:host/tap2
ip tuntap add dev tap2 mode tap user root
ip link set dev tap2 address 02:40:e6:03:87:5c group 47961374

# 3  create interface:host/tap2
ip link set dev tap2 up alias netlab:golden

# 7  create ovs-bridge:sw0
ovs-vsctl --timeout=10 add-br sw0 -- set Bridge sw0 datapath_type=netdev external_ids:netlab=golden 'other_config:hwaddr="02:21:f8:79:b7:49"'

# 8  create bridge:red/br0
ip -n red link add name br0 address 02:e3:2b:9c:c6:ef group 47961374 type bridge stp_state 0

# 9  create tap:red/tap0
ip -n red tuntap add dev tap0 mode tap user alice
ip -n red link set dev tap0 address 02:33:4a:6e:3e:d8 group 47961374

# 10  create tap:red/tap1
ip -n red tuntap add dev tap1 mode tap user root vnet_hdr multi_queue
ip -n red link set dev tap1 address 02:d3:bc:90:2b:f7 mtu 9000 group 47961374

# 11  create port:red/tap0
ip -n red link set dev tap0 master br0

# 12  create interface:red/tap0
ip -n red link set dev tap0 up alias netlab:golden

# 13  create interface:red/br0
ip -n red link set dev br0 up alias netlab:golden

# 14  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden

# 15  create interface:red/tap1
ip -n red link set dev tap1 up alias netlab:golden

# 16  create address:red/br0/10.0.0.254/24
ip -n red address replace 10.0.0.254/24 broadcast + dev br0

# 17  create address:red/tap1/10.1.0.1/24
ip -n red address replace 10.1.0.1/24 broadcast + dev tap1

# 18  create ovs-port:tap2
ovs-vsctl --timeout=10 add-port sw0 tap2 tag=10 -- set Interface tap2 external_ids:netlab=golden -- set Port tap2 external_ids:netlab=golden

# 19  create interface:host/sw0
ip link set dev sw0 group 47961374 up alias netlab:golden
