#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 0 to change, 1 to replace, 0 to delete.
set -e

# 1  delete ovs-port:p0
ovs-vsctl --timeout=10 -- --if-exists del-port sw0 p0

# 2  create ovs-port:p0
ovs-vsctl --timeout=10 add-port sw1 p0 tag=10 -- set Interface p0 external_ids:netlab=golden -- set Port p0 external_ids:netlab=golden
