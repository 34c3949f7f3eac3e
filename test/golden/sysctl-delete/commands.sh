#!/bin/sh
# netlab 0.0.0: lab golden, 2 steps. Run it as root.
# Plan: 0 to create, 0 to change, 0 to replace, 2 to delete.
set -e

# 1  delete sysctl:host/net.ipv4.ip_forward
sysctl -e net.ipv4.ip_forward=0
sysctl -e net.ipv4.conf.all.accept_redirects=1

# 2  delete sysctl:red/net.ipv4.tcp_syncookies
nsenter --net=/run/netns/red sysctl -e net.ipv4.tcp_syncookies=1
