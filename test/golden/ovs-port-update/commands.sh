#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 1 to change, 0 to replace, 0 to delete.
set -e

# 1  update ovs-port:p0
ovs-vsctl --timeout=10 clear Port p0 tag -- set Port p0 trunks=10,20
