#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  update nat:gw
nsenter --net=/run/netns/gw nft -f - <<'END'
add table inet netlab_golden
delete table inet netlab_golden
table inet netlab_golden {
  chain prerouting {
    type nat hook prerouting priority -100; policy accept;
  }
  chain output {
    type nat hook output priority -100; policy accept;
  }
  chain postrouting {
    type nat hook postrouting priority 100; policy accept;
    ip saddr 10.0.0.0/24 ip daddr != 10.0.0.0/24 masquerade comment "netlab:golden"
  }
}
END
