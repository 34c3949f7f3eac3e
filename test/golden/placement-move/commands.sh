#!/bin/sh
# netlab 0.0.0: lab golden, 5 steps. Run it as root.
# Plan: 3 to create, 0 to change, 1 to replace, 3 to delete.
set -e

# 1  delete ovs-port:tap1
ovs-vsctl --timeout=10 -- --if-exists del-port sw0 tap1

# 2  create ovs-port:tap1
ovs-vsctl --timeout=10 add-port sw0 tap1 -- set Interface tap1 external_ids:netlab=golden type=internal 'mac="02:39:e6:bb:1c:fb"' mtu_request=1400 -- set Port tap1 external_ids:netlab=golden

# 3  create placement:blue/tap1
ip link set dev tap1 netns blue

# 4  create interface:blue/tap1
ip -n blue link set dev tap1 group 47961374 up alias netlab:golden

# 5  create address:blue/tap1/10.0.0.1/24
ip -n blue address replace 10.0.0.1/24 broadcast + dev tap1
