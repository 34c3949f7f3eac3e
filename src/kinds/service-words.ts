// How a service is started, kept and ended: small programs for sh(1), so that a plan's script does it without netlab.
import type { Service } from "../topology/lab.js";

/** Where everything about services of a lab lies: PLACE/NAME/log is what a service prints. */
export const servicesFolder = (lab: string): string => `/run/netlab/${lab}/services`;

/** Of the supervisor's arguments, the one by which it is known. */
const MARK = "netlab-service";

/** FOLDER COMMAND...: leaves the command behind, in a session of its own, its output in FOLDER/log. The lock stays here. */
export const START = `mkdir -p "$1" || exit
[ ! -s "$1/log" ] || mv -f "$1/log" "$1/log.1"
exec >>"$1/log" 2>&1 </dev/null 3>&-
shift
setsid "$@" &`;

/** The first words of a log whose beginning is in log.1. */
export const LOG_CUT = "netlab: what came before is in log.1";

/** PID LOG: beside a supervisor, looks after its log, of which no more than two megabytes and the last seconds are kept. */
const KEEP_LOG = `trap "kill \\$!; exit" TERM
while kill -0 "$1" 2>/dev/null; do
  [ "$(wc -c <"$2")" -lt 1000000 ] || { tail -c 1000000 "$2" >"$2.1" && echo "${LOG_CUT}" >"$2"; }
  sleep 5 & wait "$!"
done`;

/**
 * LAB PLACE NAME RESTART READY DIRECTORY COMMAND...: runs the command, and again where it is to be: after a second, and
 * after twice as long each time that it has not run for ten. TERM ends both. NETLAB_FOLDER/failing says until when (seconds
 * since boot) it is not to be taken for running. Of DHCP clients there may be a thousand, and their hook looks after the log.
 */
const SUPERVISE = `restart=$4
cd "$6" || exit
shift 6
now() { read -r now _ </proc/uptime; now=\${now%.*}; }
trap 'restart=stopped; kill "$child" 2>/dev/null' TERM
trap 'kill "$keeper" 2>/dev/null' EXIT
keeper= delay=1
[ "$4" = dhcp-client ] || { sh -c '${KEEP_LOG}' netlab-log "$$" "$NETLAB_FOLDER/log" & keeper=$!; }
while [ "$restart" != stopped ]; do
  now; begun=$now
  "$@" & child=$!
  while wait "$child"; code=$?; kill -0 "$child" 2>/dev/null; do :; done
  case $restart:$code in on-failure:0 | never:* | stopped:*) exit "$code" ;; esac
  now; [ $((now - begun)) -lt 10 ] || delay=1
  echo "netlab: it has ended ($code), and is started again in $delay s"
  echo $((now + delay + 1)) >"$NETLAB_FOLDER/failing"
  sleep "$delay" & child=$!
  wait "$child"
  [ "$delay" -ge 60 ] || delay=$((delay < 32 ? delay * 2 : 60))
done`;

/** PID START: ends the session of a supervisor, TERM first, if it still is the process that began then (proc(5) stat, 22). */
export const STOP = `[ "$(cut -d ' ' -f 22 "/proc/$1/stat" 2>/dev/null)" = "$2" ] || exit 0
live() { ps -o stat=,pid= -s "$1" | sed -n 's/^[^ZX][^ ]* *//p'; }
for signal in TERM KILL; do
  kill -s "$signal" $(live "$1") 2>/dev/null
  for _ in $(seq 60); do [ -n "$(live "$1")" ] || exit 0; sleep 0.05; done
done
echo "the processes of session $1 do not end, not even by KILL" >&2
exit 1`;

/**
 * FOLDER: ends what a supervisor that was killed has left behind, by the folder in its environment, TERM first. What has put
 * itself into the background is among it. The same lab in a sandbox has a folder of the same name: what has users or
 * processes of its own is somebody else's.
 */
export const RELEASE = `home() { readlink "/proc/$1/ns/user" "/proc/$1/ns/pid"; }
left() {
  grep -lszFx "NETLAB_FOLDER=$1" /proc/[0-9]*/environ | tr -cd '0-9\\n' | while read -r pid; do
    [ "$(home "$pid")" != "$(home "$$")" ] || echo "$pid"
  done
}
for signal in TERM KILL; do
  kill -s "$signal" $(left "$1") 2>/dev/null
  for _ in $(seq 60); do [ -n "$(left "$1")" ] || exit 0; sleep 0.05; done
done
echo "what the service has left running does not end, not even by KILL" >&2
exit 1`;

/** FOLDER: removes it, and the folders above that are empty then. */
export const CLEAN = `rm -rf -- "$1"
rmdir -p --ignore-fail-on-non-empty -- "\${1%/*}" 2>/dev/null
:`;

/** What every service finds in its environment, whoever calls netlab. */
const ENVIRONMENT: Record<string, string> = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LANG: "C.UTF-8",
};

/** Variables besides the usual ones. */
export const ownEnvironment = (env: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter(([key, value]) => key !== "NETLAB_FOLDER" && ENVIRONMENT[key] !== value),
  );

/** What makes a service. */
type Shape = Supervised & Pick<Service, "env">;

type Supervised = Pick<Service, "name" | "restart" | "ready" | "directory" | "command">;

/** The words of a supervisor, as they are in its /proc/PID/cmdline. */
const supervisor = (lab: string, place: string, { name, restart, ready, directory, command }: Supervised): string[] => [
  ...["sh", "-c", SUPERVISE, MARK, lab, place, name, restart, ready ?? "-", directory],
  ...command,
];

/** The whole command: in its namespace, with its environment. `inside`: what takes it there. */
export function startWords(lab: string, place: string, inside: string[], service: Shape): string[] {
  const own = { NETLAB_FOLDER: `${servicesFolder(lab)}/${place}/${service.name}` };
  const variables = Object.entries({ ...ENVIRONMENT, ...own, ...service.env }).map(([key, value]) => `${key}=${value}`);
  return [...inside, "env", "-i", ...variables, ...supervisor(lab, place, service)];
}

/** What a supervisor's words say; undefined where they are no supervisor's. */
export function parseSupervisor(words: string[]): (Supervised & { lab: string; place: string }) | undefined {
  const [shell, flag, , mark, lab, place, name, restart, ready, directory, ...command] = words;
  if (!shell?.endsWith("sh") || flag !== "-c" || mark !== MARK || directory === undefined) return undefined;
  // They become a path that is removed in the end.
  if ([lab, place, name].some((word) => !word || /^\.\.?$|\//.test(word))) return undefined;
  return {
    ...{ lab: lab!, place: place!, name: name!, restart: restart as Service["restart"], directory, command },
    ...(ready === "-" ? {} : { ready: ready! }),
  };
}
