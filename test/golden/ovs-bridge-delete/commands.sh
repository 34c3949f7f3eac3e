#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 2 to delete.
set -e

# 1  delete ovs-bridge:sw0
ovs-vsctl --timeout=10 -- --if-exists del-br sw0
