#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 2 to delete.
set -e

# 1  delete process:blue/4711
nsenter --net=/run/netns/blue kill -TERM 4711

# 2  delete namespace:blue
ip netns delete blue
