// What the words of ping (iputils 20221126) and nsenter (util-linux 2.38) mean; copied from their real outputs.
import { expect, test } from "vitest";
import { readPing } from "../../../../src/host/probe/ping.js";

const HEAD = "PING 192.0.2.2 (192.0.2.2) 56(84) bytes of data.\n";
const TAIL = "\n--- 192.0.2.2 ping statistics ---\n1 packets transmitted, ";

test.each([
  [
    0,
    `${HEAD}64 bytes from 192.0.2.2: icmp_seq=1 ttl=64 time=1.12 ms\n${TAIL}1 received, 0% packet loss, time 0ms\n`,
    "ok",
    "1 reply, 1.1 ms",
  ],
  [0, `${HEAD}64 bytes from 192.0.2.2: icmp_seq=1 ttl=64 time=0.083 ms\n`, "ok", "1 reply, 0.083 ms"],
  [1, `${HEAD}${TAIL}0 received, 100% packet loss, time 0ms\n`, "unreachable", "no reply"],
  [
    1,
    `${HEAD}From 192.0.2.1 icmp_seq=1 Destination Host Unreachable\n${TAIL}0 received, +1 errors\n`,
    "unreachable",
    "no reply; 192.0.2.1 says Destination Host Unreachable",
  ],
  [2, "ping: connect: Network is unreachable\n", "unreachable", "Network is unreachable"],
  [2, "ping: connect: Invalid argument\n", "unreachable", "Invalid argument"],
  [1, `ping: sendmsg: Operation not permitted\n${HEAD}${TAIL}0 received\n`, "unreachable", "Operation not permitted"],
  [
    2,
    "ping: Do you want to ping broadcast? Then -b. If not, check your local firewall rules\n",
    "unreachable",
    "Permission denied",
  ],
  [2, "ping: socket: Operation not permitted\n", "impossible", "ping: socket: Operation not permitted"],
  [1, "nsenter: cannot open /run/netns/red: No such file or directory\n", "impossible", 'there is no namespace "red"'],
  [
    1,
    "nsenter: reassociate to namespace 'ns/net' failed: Invalid argument\n",
    "impossible",
    'there is no namespace "red"',
  ],
  [
    1,
    "nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted\n",
    "impossible",
    'entering namespace "red" needs root',
  ],
  [
    127,
    "nsenter: failed to execute ping: No such file or directory\n",
    "impossible",
    "ping is not installed (package iputils-ping)",
  ],
  [127, "ping: not found", "impossible", "ping is not installed (package iputils-ping)"],
])("exit %i, %j", (code, output, is, got) => {
  expect(readPing("red", code, output)).toEqual({ is, got });
});
