#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  update etc-file:red/hosts
sh -c 'mkdir -p "${1%/*}" && cat >"$1"' netlab-write /etc/netns/red/hosts <<'END'
# netlab:golden
192.0.2.2 shop
END
