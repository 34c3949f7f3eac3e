#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  update firewall:host/ip/filter/DOCKER-USER
nft -f - <<'END'
delete rule ip filter DOCKER-USER handle 7
insert rule ip filter DOCKER-USER oifname "lan0" accept comment "netlab:golden"
insert rule ip filter DOCKER-USER iifname "lan0" accept comment "netlab:golden"
END
