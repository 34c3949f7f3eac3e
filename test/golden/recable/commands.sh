#!/bin/sh
# netlab 0.0.0: lab recable, 22 steps. Run it as root.
# Plan: 21 to create, 0 to change, 0 to replace, 1 to delete.
set -e

# 1  delete veth:left/eth0~right/eth0
ip -n left link delete dev eth0

# 2  create namespace:third
ip netns add third

# 3  create bridge:host/br-mid
ip link add name br-mid address 02:59:a6:e2:42:e5 group 430812981 type bridge stp_state 0

# 4  create veth:host/third-eth0~third/eth0
ip link add name third-eth0 address 02:dd:cb:11:f7:b6 group 430812981 type veth peer name eth0 netns third address 02:91:4b:c2:16:62 group 430812981

# 5  create port:host/third-eth0
ip link set dev third-eth0 master br-mid

# 6  create interface:host/third-eth0
ip link set dev third-eth0 up alias netlab:recable

# 10  create veth:host/left-eth0~left/eth0
ip link add name left-eth0 address 02:89:ab:df:c4:a6 group 430812981 type veth peer name eth0 netns left address 02:90:ab:0a:a5:33 group 430812981

# 11  create veth:host/right-eth0~right/eth0
ip link add name right-eth0 address 02:67:4a:7d:33:01 group 430812981 type veth peer name eth0 netns right address 02:f9:c6:76:2d:2b group 430812981

# 12  create port:host/left-eth0
ip link set dev left-eth0 master br-mid

# 13  create port:host/right-eth0
ip link set dev right-eth0 master br-mid

# 14  create interface:host/left-eth0
ip link set dev left-eth0 up alias netlab:recable

# 15  create interface:host/right-eth0
ip link set dev right-eth0 up alias netlab:recable

# 16  create interface:third/eth0
ip -n third link set dev eth0 up alias netlab:recable

# 17  create interface:third/lo
ip -n third link set dev lo up alias netlab:recable

# 18  create address:third/eth0/10.80.0.3/24
ip -n third address replace 10.80.0.3/24 broadcast + dev eth0

# 19  create interface:left/eth0
ip -n left link set dev eth0 up alias netlab:recable

# 20  create address:left/eth0/10.80.0.1/24
ip -n left address replace 10.80.0.1/24 broadcast + dev eth0

# 21  create route:left/254/0.0.0.0/0
ip -n left route replace 0.0.0.0/0 table 254 proto 110 via 10.80.0.254 dev eth0

# 22  create interface:right/eth0
ip -n right link set dev eth0 up alias netlab:recable

# 23  create address:right/eth0/10.80.0.2/24
ip -n right address replace 10.80.0.2/24 broadcast + dev eth0

# 24  create interface:host/br-mid
ip link set dev br-mid up alias netlab:recable

# 25  create address:host/br-mid/10.80.0.254/24
ip address replace 10.80.0.254/24 broadcast + dev br-mid
