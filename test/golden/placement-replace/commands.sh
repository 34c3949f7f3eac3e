#!/bin/sh
# netlab 0.0.0: lab golden, 6 steps. Run it as root.
# Plan: 2 to create, 0 to change, 2 to replace, 0 to delete.
set -e

# 1  delete placement:red/tap1
ip -n red link delete dev tap1

# 2  delete ovs-port:tap1
ovs-vsctl --timeout=10 -- --if-exists del-port sw0 tap1

# 3  create ovs-port:tap1
ovs-vsctl --timeout=10 add-port sw0 tap1 -- set Interface tap1 external_ids:netlab=golden type=internal 'mac="02:d3:bc:90:2b:f7"' mtu_request=1400 -- set Port tap1 external_ids:netlab=golden

# 4  create placement:red/tap1
ip link set dev tap1 netns red

# 5  create interface:red/tap1
ip -n red link set dev tap1 group 47961374 up alias netlab:golden

# 6  create address:red/tap1/10.0.0.1/24
ip -n red address replace 10.0.0.1/24 broadcast + dev tap1
