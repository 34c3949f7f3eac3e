#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 1 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create firewall:host/ip/filter/DOCKER-USER
nft -f - <<'END'
insert rule ip filter DOCKER-USER oifname "lan0" accept comment "netlab:golden"
insert rule ip filter DOCKER-USER iifname "lan0" accept comment "netlab:golden"
END
