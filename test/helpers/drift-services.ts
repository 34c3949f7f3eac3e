// What can be changed by hand of a lab's programs and of the files of its namespaces.
import { type DriftFamily, drifted, ignored, unmarked } from "./drift.js";

const topology = `
name: zoo
namespaces:
  red:
    interfaces: { lo: { addresses: [10.255.0.1/32] } }
    files: { hosts: "192.0.2.1 shop\\n" }
    services: { web: { command: [sleep, "1001"], env: { A: "1" }, directory: /tmp, ready: { ping: 10.255.0.1 } } }
`;

const FOLDER = "/run/netlab/zoo/services/red/web";
const FILE = "/etc/netns/red/hosts";
const END = `
  session=$(pgrep -of "[n]etlab-service zoo red web")
  kill -9 $(ps -o pid= -s "$session") || true
  while pgrep -f "[n]etlab-service zoo red web" >/dev/null; do sleep 0.05; done`;

/** A supervisor as netlab starts it, by other words: NAME RESTART READY DIRECTORY COMMAND... */
const start = (words: string, env = "A=1") => `
  setsid ip netns exec red env -i PATH="$PATH" LANG=C.UTF-8 ${env} \\
    sh -c 'cd "$6"; shift 6; "$@"; :' "$mark" zoo red ${words} >/dev/null 2>&1 </dev/null &
  until pgrep -f "^sh -c .*[n]etlab-service zoo red ${words.split(" ")[0]}" >/dev/null; do sleep 0.05; done`;
/** Not to be found in the words of this very script. */
const PATH =
  "mark=netlab; mark=$mark-service; PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH\n";
const other = (words: string, env?: string) => PATH + END + start(`web ${words}`, env);

export const services: DriftFamily = {
  about: "services, and files of namespaces",
  box: {},
  topology,
  cases: [
    drifted("a service is killed with its supervisor", END, "~ service:red/web: state"),
    drifted("nothing is left of a service", `${END}; rm -r ${FOLDER}`, "+ service:red/web"),
    drifted("one more service with the lab's words", PATH + start("extra never - / sleep 1002"), "- service:red/extra"),
    drifted("another command", other("on-failure ping:10.255.0.1 /tmp sleep 1002"), "~ service:red/web: command"),
    drifted("another policy", other("always ping:10.255.0.1 /tmp sleep 1001"), "~ service:red/web: restart"),
    drifted("another test", other("on-failure - /tmp sleep 1001"), "~ service:red/web: ready"),
    drifted("another folder", other("on-failure ping:10.255.0.1 / sleep 1001"), "~ service:red/web: directory"),
    drifted("another variable", other("on-failure ping:10.255.0.1 /tmp sleep 1001", "A=2"), "~ service:red/web: env"),
    drifted("a file is deleted", `rm ${FILE}`, "+ etc-file:red/hosts"),
    drifted("a line more in a file", `echo 192.0.2.2 more >>${FILE}`, "~ etc-file:red/hosts: text"),
    drifted("one more file with the mark", `echo "# netlab:zoo" >/etc/netns/red/motd`, "- etc-file:red/motd"),
    ignored("a file of others", "echo hi >/etc/netns/red/motd", "rm /etc/netns/red/motd"),
    unmarked(
      "a file without its mark",
      "etc-file:red/hosts",
      `sed -i 1d ${FILE}`,
      `sed -i "1i # netlab:zoo" ${FILE}`,
      "+ etc-file:red/hosts",
    ),
  ],
};
