#!/bin/sh
# netlab 0.0.0: lab golden, 4 steps. Run it as root.
# Plan: 4 to create, 0 to change, 0 to replace, 0 to delete.
set -e

# 1  create namespace:red
ip netns add red

# 5  create etc-file:red/hosts
sh -c 'mkdir -p "${1%/*}" && cat >"$1"' netlab-write /etc/netns/red/hosts <<'END'
# netlab:golden
192.0.2.1 shop
END

# 6  create etc-file:red/resolv.conf
sh -c 'mkdir -p "${1%/*}" && cat >"$1"' netlab-write /etc/netns/red/resolv.conf <<'END'
# netlab:golden
nameserver 192.0.2.53
END

# 7  create interface:red/lo
ip -n red link set dev lo up alias netlab:golden
