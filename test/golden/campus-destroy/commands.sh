#!/bin/sh
# netlab 0.0.0: lab campus, 8 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 55 to delete.
set -e

# 1  delete nat:host
nft -f - <<'END'
delete table inet netlab_campus
END

# 2  delete ovs-bridge:br1
ovs-vsctl --timeout=10 -- --if-exists del-br br1

# 4  delete bridge:host/lan0
ip link set dev lan0 down
ip link delete dev lan0

# 5  delete namespace:blue
ip netns delete blue

# 6  delete namespace:red
ip netns delete red

# 7  delete namespace:spare
ip netns delete spare

# 8  delete namespace:vm
ip netns delete vm

# 9  delete namespace:gw
ip netns delete gw
