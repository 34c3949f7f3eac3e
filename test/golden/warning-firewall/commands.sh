#!/bin/sh
# netlab 0.0.0: lab golden, 0 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 0 to delete.
set -e
