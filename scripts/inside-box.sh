#!/bin/bash
# The first process of a box (see box.mjs): inside-box.sh plain|ovs COMMAND [ARGUMENT...]
# BOX_PID tells the command this process's number outside, for nsenter(1).
ovs=$1
shift

no_box() {
	echo "box: $1" >&2
	exit 125
}

read -r BOX_PID _ </proc/self/stat
export BOX_PID
mount -t proc proc /proc || no_box "/proc cannot be mounted in a process namespace; run this as root, not in a restricted container"
mount -t tmpfs -o mode=755 box /run || no_box "/run cannot be mounted"
mount -t sysfs sysfs /sys || no_box "/sys cannot be mounted"
ip link set lo up || no_box "lo cannot be brought up"

if [ "$ovs" = ovs ]; then
	run=/run/openvswitch
	export OVS_RUNDIR=$run OVS_LOGDIR=$run OVS_DBDIR=$run OVS_SYSCONFDIR=$run
	mkdir $run || no_box "$run cannot be made"
	{
		ovsdb-tool create $run/conf.db /usr/share/openvswitch/vswitch.ovsschema &&
			ovsdb-server $run/conf.db --remote=punix:$run/db.sock --no-chdir -vconsole:off --pidfile --log-file --detach &&
			ovs-vsctl --timeout=10 --no-wait init &&
			ovs-vswitchd unix:$run/db.sock --no-chdir -vconsole:off --pidfile --log-file --detach
	} || no_box "Open vSwitch does not start: $(tail -n 3 $run/*.log 2>/dev/null)"
fi

# Not exec: this shell takes in the orphans of the box as their parent.
"$@"
exit
