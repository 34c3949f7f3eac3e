// A machine as the kinds are told of it: with an interface of its own, and Docker's packet filter.
import type { Facts, UplinkRow } from "../../src/kinds/rows.js";
import { OWN_KEYS } from "../../src/kinds/sysctl.js";
import { DOCKER } from "./docker-filters.js";

/** With IPv4 and IPv6, a secondary address and the default route. */
const ENS3: UplinkRow = {
  up: true,
  mac: "02:00:5e:00:53:0a",
  mtu: 1500,
  group: 0,
  alias: "",
  read: 1000,
  wireless: false,
  session: false,
  settings: { "ipv6.accept_ra": "2" },
  addresses: [
    { family: "inet", local: "198.51.100.10", prefixlen: 24, broadcast: "198.51.100.255", scope: "0", label: "ens3" },
    { family: "inet", local: "198.51.100.20", prefixlen: 24, scope: "0", secondary: true, label: "ens3:1" },
    { family: "inet6", local: "2001:db8:53::10", prefixlen: 64, scope: "0" },
    { family: "inet6", local: "fe80::5eff:fe00:530a", prefixlen: 64, scope: "253" },
  ],
  routes: [
    {
      type: "1",
      dst: "default",
      gateway: "198.51.100.1",
      dev: "ens3",
      table: "254",
      protocol: "4",
      scope: "0",
      flags: [],
    },
    { type: "1", dst: "198.51.100.0/24", dev: "ens3", table: "254", protocol: "2", scope: "253", flags: [] },
  ],
  neighbours: [
    { dst: "198.51.100.1", dev: "ens3", lladdr: "02:00:5e:00:53:01", state: ["STALE"] },
    { dst: "198.51.100.8", dev: "ens3", lladdr: "02:00:5e:00:53:08", state: ["STALE"] },
    { dst: "198.51.100.9", dev: "ens3", state: ["FAILED"] },
    { dst: "2001:db8:53::7", dev: "ens3", lladdr: "02:00:5e:00:53:07", state: ["PERMANENT"] },
  ],
};
export const FACTS: Facts = {
  uplinks: { ens3: ENS3 },
  born: Object.fromEntries(OWN_KEYS.map((key) => [key, "0"])),
  ovsKernelDatapath: false,
  brNetfilter: false,
  filters: DOCKER,
};
