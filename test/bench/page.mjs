// The page of a run: each target with its figure, and the tables they come from.
const seconds = (value) => (value === undefined ? "-" : value.toFixed(value < 1 ? 3 : 2));

/** Every target: what is asked, the bound from the run's own figures, and the figure. A row without figures was not run. */
export function targets(found) {
  const rows = [];
  const add = (what, asked, bound, figure, show = seconds) => {
    if (bound === undefined || figure === undefined || Number.isNaN(bound + figure)) return;
    rows.push({ what, asked, bound: show(bound), figure: show(figure), met: figure <= bound });
  };
  const of = (lab, peer) => found.labs[lab]?.peers[peer] ?? {};
  const until = ({ destroy, gone }) => destroy + gone;
  const scaled = (factor) => (value) => factor * value + 0.2;
  const noop = { "star-100": 0.25, "star-400": 0.4, "star-1000": 0.8 };
  // Ten namespaces are made in the time in which Node starts.
  for (const lab of Object.keys(found.labs).filter((lab) => !lab.endsWith("-10"))) {
    const [mine, batch] = [of(lab, "netlab"), of(lab, "batch")];
    const loose = /^(chain|nat)/.test(lab);
    const made = loose ? (value) => 1.3 * value : scaled(1.2);
    add(`create ${lab}`, loose ? "1.3 × batch" : "1.2 × batch + 0.2 s", made(batch.create), mine.create);
    add(`no-op apply ${lab}, at once after it is made`, `${noop[lab]} s`, noop[lab], mine.noop);
    add(`no-op apply ${lab}, when the kernel is at rest`, `${noop[lab]} s`, noop[lab], mine.rested);
    add(`plan without a change ${lab}`, `${noop[lab]} s`, noop[lab], mine.plan);
    const [ended, asked] = lab.startsWith("ovs")
      ? [scaled(1), "1.0 × batch + 0.2 s"]
      : [scaled(1.2), "1.2 × batch + 0.2 s"];
    if (!loose) add(`destroy ${lab}, until all is gone`, asked, ended(until(batch)), until(mine));
    if (lab === "star-1000") add(`one namespace added to ${lab}`, "no-op + 0.3 s", mine.noop + 0.3, mine.added);
    if (lab === "star-1000")
      add(`peak memory of apply ${lab}`, "200 MB", 200, mine.memory, (mb) => `${mb.toFixed(0)} MB`);
  }
  const per = (size) => of(`star-${size}`, "netlab").create / size;
  const times = (value) => `${value.toFixed(2)} ×`;
  add("create per namespace, star-1000 against star-100", "1.5 ×", 1.5, per(1000) / per(100), times);
  const { node, version, validate } = found.start ?? {};
  add("netlab --version against node -e 0", "1.5 ×", 1.5, version / node, times);
  add("netlab validate, 2 namespaces, against node -e 0", "2.5 ×", 2.5, validate / node, times);
  const memory = found.memory ?? {};
  add("plan of 10,000 namespaces against nothing", "1.5 s", 1.5, memory[10000]?.empty);
  add("plan of 10,000 namespaces against the same", "1.5 s", 1.5, memory[10000]?.equal);
  add("growth of the plan, 5,000 to 10,000", "linear, 2.5 ×", 2.5, memory[10000]?.empty / memory[5000]?.empty, times);
  return rows;
}

const line = (cells) => `| ${cells.join(" | ")} |\n`;
const table = (heads, rows) => `${line(heads)}${line(heads.map(() => "---"))}${rows.map(line).join("")}\n`;

/** Markdown of all figures there are. */
export function page(found) {
  const { machine, labs, start, memory, sandbox } = found;
  const facts = Object.entries(machine).map(([what, value]) => `- ${what}: ${value}\n`);
  return `${[
    `# Benchmarks\n\n${INTRODUCTION}\n\n${facts.join("")}\n`,
    `## Targets\n\n${targetTable(found)}`,
    ...Object.entries(labs).map(([lab, figures]) => labTable(lab, figures)),
    start && startTable(start),
    memory && memoryTable(memory),
    sandbox && sandboxTable(sandbox),
  ]
    .filter(Boolean)
    .join("")
    .trimEnd()}\n`;
}

const INTRODUCTION = `Made by \`npm run bench\`: wall seconds, medians, each part in a network of its own. All rows of a table are of
one run, in which the tools took turns; the load is the machine's when the run began. Each lab is tried by a ping across it.

- star-N: N namespaces, each with a cable to one Linux bridge of the host, an address and a default route; ovs-N: the same
  on an Open vSwitch bridge (userspace datapath); nat-N: each namespace a router with an nftables table; chain-N: N routers in a row.
- \`netlab\` reads, compares, applies, reads again and verifies. \`plan\` is \`netlab plan\` of the lab that stands.
- \`batch\` is the best script of \`ip -batch\` known for the lab, and \`naive\` one process a command, as in a tutorial: they only
  build. \`limit\` is one C process that speaks rtnetlink; what stands under its \`plan\` is reading all there is.
- \`pyroute2\` and Mininet (\`mininet\`) are there where they are installed, and as users take them: [star.py](../test/bench/star.py).
- gone after: from the end of destroy to the end of the last device; netlab itself waits for that.
- at rest: for seconds after a large star is made, the kernel floods its bridge with what IPv6 says in each namespace, and everything
  else waits for the lock that this takes. The no-op is measured at once, and again when that is over.`;

const targetTable = (found) =>
  table(
    ["what", "at most", "here", "figure", "met"],
    targets(found).map((row) => [row.what, row.asked, row.bound, row.figure, row.met ? "yes" : "**no**"]),
  );

function labTable(lab, { peers, rounds, load }) {
  const base = peers.limit ?? peers.batch;
  const than = peers.limit ? "limit" : "batch";
  const heads = [
    "who",
    "create",
    `× ${than}`,
    "processor",
    "no-op",
    "at rest",
    "plan",
    "destroy",
    "gone after",
    `× ${than}`,
  ];
  const until = ({ destroy, gone }) => destroy + gone;
  const times = (value) => (Number.isNaN(value) ? "-" : value.toFixed(1));
  const rows = Object.entries(peers).map(([who, f]) => [
    ...[who, seconds(f.create), times(f.create / base.create), seconds(f.cpu), seconds(f.noop), seconds(f.rested)],
    ...[seconds(f.plan), seconds(f.destroy), seconds(f.gone), times(until(f) / until(base))],
  ]);
  const run = `${rounds} round${rounds === 1 ? "" : "s"}${load === undefined ? "" : `, load ${load.toFixed(1)}`}`;
  return `## ${lab}\n\n${run}\n\n${table(heads, rows)}`;
}

const startTable = (start) => {
  const names = { node: "node -e 0", version: "netlab --version", validate: "netlab validate, 2 namespaces" };
  const rows = Object.entries(start).map(([what, value]) => [
    names[what],
    seconds(value),
    (value / start.node).toFixed(2),
  ]);
  return `## Start\n\n${table(["process", "seconds", "× node"], rows)}`;
};

const memoryTable = (memory) => {
  const rows = Object.entries(memory).map(([size, { load, empty, equal }]) => [
    size,
    ...[load, empty, equal].map(seconds),
  ]);
  return `## The plan alone, in memory\n\n${table(["namespaces", "file to lab", "plan against nothing", "plan against the same"], rows)}`;
};

const sandboxTable = (sandbox) => {
  const times = (value, host) => (value === undefined ? "-" : (value / host).toFixed(2));
  const rows = Object.entries(sandbox).map(([lab, { host, sandbox, user }]) => [
    ...[lab, seconds(host), seconds(sandbox), times(sandbox, host), seconds(user), times(user, host)],
  ]);
  const about = `From \`netlab apply\` to a passed \`netlab check\` (one ping): as root on the machine and in a sandbox, and as an
ordinary user in a sandbox. Beside making the sandbox, what it costs is a second Node for each verb, the one inside.`;
  return `## Sandbox\n\n${about}\n\n${table(["lab", "machine", "root's sandbox", "×", "a user's sandbox", "×"], rows)}`;
};
