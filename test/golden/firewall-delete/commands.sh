#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 1 to delete.
set -e

# 1  delete firewall:host/ip/filter/DOCKER-USER
nft -f - <<'END'
delete rule ip filter DOCKER-USER handle 7
delete rule ip filter DOCKER-USER handle 8
END
