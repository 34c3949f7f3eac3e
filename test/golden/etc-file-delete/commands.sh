#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 1 to delete.
set -e

# 1  delete etc-file:red/resolv.conf
sh -c 'rm -f "$1"
rmdir "${1%/*}" /etc/netns 2>/dev/null
:' netlab-remove /etc/netns/red/resolv.conf
