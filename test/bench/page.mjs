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
  for (const lab of Object.keys(found.labs)) {
    const [mine, batch] = [of(lab, "netlab"), of(lab, "batch")];
    const loose = /^(chain|nat)/.test(lab);
    const made = loose ? (value) => 1.3 * value : scaled(1.2);
    add(`create ${lab}`, loose ? "1.3 × batch" : "1.2 × batch + 0.2 s", made(batch.create), mine.create);
    add(`no-op apply ${lab}`, `${noop[lab]} s`, noop[lab], mine.noop);
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

export function page(found) {
  const { machine } = found;
  const parts = ["# Benchmarks\n\nMade by `npm run bench`. "];
  parts.push("Wall seconds, medians; every row of a table is of the same run, its peers taken in turn. ");
  parts.push(
    "`batch` is the best script of `ip -batch` known for the lab, which only builds; `limit` is one C process ",
  );
  parts.push("that speaks rtnetlink; netlab reads, compares, applies, reads again and verifies. ");
  parts.push("Each lab is tried by a ping across it.\n\n");
  parts.push(
    Object.entries(machine)
      .map(([what, value]) => `- ${what}: ${value}\n`)
      .join(""),
    "\n## Targets\n\n",
  );
  const met = ({ met }) => (met ? "yes" : "**no**");
  parts.push(
    table(
      ["what", "at most", "here", "figure", "met"],
      targets(found).map((row) => [row.what, row.asked, row.bound, row.figure, met(row)]),
    ),
  );
  for (const [lab, { peers, rounds }] of Object.entries(found.labs)) {
    parts.push(`## ${lab}, ${rounds} round${rounds === 1 ? "" : "s"}\n\n`);
    const base = peers.limit ?? peers.batch;
    const heads = [
      "who",
      "create",
      `× ${peers.limit ? "limit" : "batch"}`,
      "processor",
      "no-op",
      "plan or read",
      "destroy",
      "gone after",
      "destroy ×",
    ];
    const rows = Object.entries(peers).map(([who, f]) =>
      f.error
        ? [who, f.error, "", "", "", "", "", "", ""]
        : [
            who,
            seconds(f.create),
            (f.create / base.create).toFixed(2),
            seconds(f.cpu),
            seconds(f.noop),
            seconds(f.plan),
            seconds(f.destroy),
            seconds(f.gone),
            ((f.destroy + f.gone) / (base.destroy + base.gone)).toFixed(2),
          ],
    );
    parts.push(table(heads, rows));
  }
  const { start, memory, sandbox } = found;
  if (start)
    parts.push(
      "## Start\n\n",
      table(
        ["process", "seconds"],
        Object.entries(start).map(([what, value]) => [what, seconds(value)]),
      ),
    );
  if (memory) {
    parts.push("## The plan alone, in memory\n\n");
    const rows = Object.entries(memory).map(([size, { load, empty, equal }]) => [
      size,
      ...[load, empty, equal].map(seconds),
    ]);
    parts.push(table(["namespaces", "file to lab", "plan against nothing", "plan against the same"], rows));
  }
  if (sandbox) {
    parts.push(
      "## Sandbox\n\nFrom `netlab apply` to a passed `netlab check`, as root on the machine and in a sandbox.\n\n",
    );
    const rows = Object.entries(sandbox).map(([lab, { host, sandbox }]) => [
      lab,
      seconds(host),
      seconds(sandbox),
      (sandbox / host).toFixed(2),
    ]);
    parts.push(table(["lab", "machine", "sandbox", "×"], rows));
  }
  return `${parts.join("").trimEnd()}\n`;
}
