// What can be changed by hand in a lab with Open vSwitch: in its database, at its devices, and at the daemon itself.
import { type DriftFamily, drifted, ignored, unmarked } from "./drift.js";

const topology = `
name: zoo
namespaces:
  red: { interfaces: { eth0: { addresses: [10.1.0.1/24] } } }
  vm: { interfaces: { tap1: { kind: internal, bridge: sw0, addresses: [10.2.0.1/24] } } }
  wm: {}
bridges:
  sw0:
    { kind: ovs, datapath: userspace, mtu: 1400, addresses: [10.1.0.254/24], ports: { p0: { trunks: [10, 20] }, tap1: { tag: 30 } } }
  sw1: { kind: ovs, datapath: userspace }
links:
  - endpoints: [red:eth0, sw0:p0]
`;

const FOLDER = "/run/openvswitch";
const DAEMON = "--no-chdir -vconsole:off --pidfile --log-file --detach";
const stop = (daemon: string) =>
  `pid=$(cat ${FOLDER}/${daemon}.pid); kill $pid; while kill -0 $pid 2>/dev/null; do sleep 0.02; done`;
const start = `ovs-vswitchd unix:${FOLDER}/db.sock ${DAEMON}`;
const emptyDatabase = `${stop("ovsdb-server")}; rm ${FOLDER}/conf.db
  ovsdb-tool create ${FOLDER}/conf.db /usr/share/openvswitch/vswitch.ovsschema
  ovsdb-server ${FOLDER}/conf.db --remote=punix:${FOLDER}/db.sock ${DAEMON}; ovs-vsctl --no-wait init`;

const TAP = ["+ placement:vm/tap1", "+ interface:vm/tap1", "+ address:vm/tap1/10.2.0.1/24"];
const BRIDGES = [
  "+ ovs-bridge:sw*",
  "+ interface:host/sw*",
  "+ address:host/sw0/10.1.0.254/24",
  "+ ovs-port:*",
  ...TAP,
];
const CABLE = [
  "+ veth:host/p0~red/eth0",
  "+ interface:host/p0",
  "+ interface:red/eth0",
  "+ address:red/eth0/10.1.0.1/24",
];
const FAR = ["+ offload:red/eth0"];

export const ovs: DriftFamily = {
  about: "Open vSwitch bridges and ports, the devices of internal ports, and offload",
  box: { ovs: true },
  topology,
  cases: [
    drifted("a bridge is deleted", "ovs-vsctl del-br sw1", "+ ovs-bridge:sw1", "+ interface:host/sw1"),
    drifted("all bridges are deleted", "for one in $(ovs-vsctl list-br); do ovs-vsctl del-br $one; done", ...BRIDGES),
    drifted(
      "a bridge of another datapath",
      "ovs-vsctl --no-wait set Bridge sw1 datapath_type=system",
      "± ovs-bridge:sw1: datapath",
      "+ interface:host/sw1",
    ),
    drifted(
      "a bridge's MAC in the database",
      `ovs-vsctl set Bridge sw1 'other_config:hwaddr="02:00:00:00:00:77"'`,
      "~ ovs-bridge:sw1: mac",
      "~ interface:host/sw1: mac",
    ),
    drifted(
      "a bridge's MTU in the database",
      "ovs-vsctl set Interface sw0 mtu_request=1300",
      "~ ovs-bridge:sw0: mtu",
      "~ interface:host/sw0: mtu",
    ),
    drifted("a bridge follows its ports' MTU", "ovs-vsctl clear Interface sw0 mtu_request", "~ ovs-bridge:sw0: mtu"),
    unmarked(
      "a bridge's mark is taken off",
      "ovs-bridge:sw1",
      "ovs-vsctl remove Bridge sw1 external_ids netlab",
      "ovs-vsctl set Bridge sw1 external_ids:netlab=zoo",
      "+ ovs-bridge:sw1",
    ),
    drifted(
      "a second bridge with the mark",
      "ovs-vsctl add-br sw9 -- set Bridge sw9 datapath_type=netdev external_ids:netlab=zoo",
      "- ovs-bridge:sw9",
    ),
    ignored("a second bridge", "ovs-vsctl add-br sw9 -- set Bridge sw9 datapath_type=netdev", "ovs-vsctl del-br sw9"),
    ignored(
      "an option of a bridge that the file cannot say",
      "ovs-vsctl set Bridge sw1 external_ids:mine=1",
      "ovs-vsctl remove Bridge sw1 external_ids mine",
    ),
    drifted("a bridge's device is set down", "ip link set sw0 down", "~ interface:host/sw0: up"),

    drifted("a port is deleted", "ovs-vsctl del-port p0", "+ ovs-port:p0"),
    drifted(
      "a port is put into another bridge",
      "ovs-vsctl del-port p0 -- add-port sw1 p0 trunks=10,20 -- set Port p0 external_ids:netlab=zoo -- set Interface p0 external_ids:netlab=zoo",
      "± ovs-port:p0: bridge",
    ),
    drifted("an access VLAN is changed", "ovs-vsctl set Port tap1 tag=31", "~ ovs-port:tap1: tag"),
    drifted("an access VLAN is taken off", "ovs-vsctl clear Port tap1 tag", "~ ovs-port:tap1: tag"),
    drifted("a trunk's VLANs are changed", "ovs-vsctl set Port p0 trunks=10,20,30", "~ ovs-port:p0: trunks"),
    drifted("a port's VLAN mode is set", "ovs-vsctl set Port p0 vlan_mode=native-untagged", "~ ovs-port:p0: vlan_mode"),
    unmarked(
      "a port's mark is taken off",
      "ovs-port:p0",
      "ovs-vsctl remove Port p0 external_ids netlab",
      "ovs-vsctl set Port p0 external_ids:netlab=zoo",
      "+ ovs-port:p0",
    ),
    drifted(
      "a port's interface becomes another type",
      "ovs-vsctl del-port tap1 -- add-port sw0 tap1 tag=30 -- set Interface tap1 type=patch options:peer=none external_ids:netlab=zoo -- set Port tap1 external_ids:netlab=zoo",
      "± ovs-port:tap1: type, device, mac",
      ...TAP,
    ),
    drifted(
      "a second port with the mark",
      "ovs-vsctl add-port sw0 p9 -- set Interface p9 type=internal external_ids:netlab=zoo -- set Port p9 external_ids:netlab=zoo",
      "- ovs-port:p9",
    ),
    ignored("a second port", "ovs-vsctl add-port sw0 p9 -- set Interface p9 type=internal", "ovs-vsctl del-port p9"),
    drifted("a port's cable is deleted", "ip link delete p0", ...CABLE, ...FAR, "± ovs-port:p0: device"),
    drifted("an internal port is deleted", "ovs-vsctl del-port tap1", "+ ovs-port:tap1", ...TAP),
    drifted(
      "an internal port's device is moved to another namespace",
      "ip -n vm link set tap1 netns wm",
      "± ovs-port:tap1: device",
      ...TAP,
      "- placement:wm/tap1",
      "- interface:wm/tap1",
    ),
    drifted(
      "an internal port's device is moved back to the host",
      "ip -n vm link set tap1 netns 1",
      "± ovs-port:tap1: device",
      ...TAP,
      "- interface:host/tap1",
    ),
    drifted(
      "an internal port is made again, and its device not moved yet",
      `mac=$(ovs-vsctl get Interface tap1 mac); ovs-vsctl del-port tap1; ovs-vsctl add-port sw0 tap1 tag=30 \
        -- set Interface tap1 type=internal mac="$mac" external_ids:netlab=zoo -- set Port tap1 external_ids:netlab=zoo`,
      "~ ovs-port:tap1: device",
      ...TAP,
    ),
    drifted(
      "an internal port's MAC in the database",
      `ovs-vsctl set Interface tap1 'mac="02:00:00:00:00:66"'`,
      "~ ovs-port:tap1: mac",
    ),
    drifted(
      "an internal port's MTU in the database",
      "ovs-vsctl set Interface tap1 mtu_request=1300",
      "~ ovs-port:tap1: mtu",
    ),
    drifted(
      "an internal port's device is renamed",
      "ip -n vm link set tap1 down name tap9",
      "± ovs-port:tap1: device",
      ...TAP,
      "- *:vm/tap9*",
    ),
    drifted("a MAC is changed", "ip -n vm link set tap1 address 02:00:00:00:00:77", "~ interface:vm/tap1: mac"),

    drifted("offload is switched on", "ip netns exec red ethtool -K eth0 tx on", "+ offload:red/eth0"),
    drifted(
      "ovs-vswitchd is restarted",
      `${stop("ovs-vswitchd")}; ${start}`,
      "~ ovs-port:tap1: device",
      "± placement:vm/tap1: alive",
      ...TAP.slice(1),
    ),
    drifted(
      "the database is made anew",
      `${stop("ovs-vswitchd")}; ${emptyDatabase}; ${start}`,
      ...["+ ovs-bridge:sw*", "+ ovs-port:*"],
      ...TAP.slice(1),
      "± placement:vm/tap1: alive",
    ),
    drifted(
      "a reboot",
      `${stop("ovs-vswitchd")}; umount -l /run/netns/* /run/netns; rm -rf /run/netns /run/netlab
      while ip link show p0; do sleep 0.02; done >/dev/null 2>&1; ${start}`,
      ...["+ namespace:*", "+ *:red/*", "+ *:vm/*", "+ *:wm/*"],
      ...["+ veth:host/p0~red/eth0", "+ interface:host/p0", "± ovs-port:p0: device", "~ ovs-port:tap1: device"],
    ),
  ],
};
