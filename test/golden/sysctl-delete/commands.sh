#!/bin/sh
# netlab 0.0.0: lab golden, 1 step. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 1 to delete.
set -e

# 1  delete sysctl:host/net.ipv4.ip_forward
sysctl -e net.ipv4.ip_forward=0
sysctl -e net.ipv4.conf.all.accept_redirects=1
