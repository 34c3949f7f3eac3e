#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 6 to delete.
set -e

# 1  delete namespace:blue
ip netns delete blue

# 2  delete namespace:red
ip netns delete red
