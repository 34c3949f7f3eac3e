// Runs inside a box: makes a lab, changes it by hand in one way after another, and has netlab plan and repair each.
// Standard input: `{ "topology": TEXT, "before": SCRIPT?, "cases": [{ "title", "drift", "undo"? }] }`. Standard output: a line of JSON
// for each case. `undo` takes back what is none of netlab's business, and stays until then.
import { execFile } from "node:child_process";
import path from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { apply, destroy, load, plan } from "../../dist/index.js";

const FINGERPRINT = path.resolve(import.meta.dirname, "../../scripts/fingerprint.mjs");
const SYMBOL = { create: "+", delete: "-", update: "~", replace: "±" };
const TENTATIVE =
  "ip -6 address show tentative; for n in $(ls /run/netns 2>/dev/null); do ip -n $n -6 address show tentative; done";

/**
 * What stays for good: a device that was up once has another queue when it is down, a bridge that had a port other limits; the MAC of ovs-vswitchd's own
 * device is drawn by lot.
 */
const LEFT = /\/qdisc "no(op|queue)"$|\/(tso|gso|gro)_\w+ \d+$|\/ovs-netdev\/address "/;

const run = promisify(execFile);
const sh = async (script) => (await run("sh", ["-euc", script], { maxBuffer: 1 << 28 })).stdout;

const { topology, before, cases } = JSON.parse(await text(process.stdin));
const { lab, diagnostics } = await load({ text: topology, file: "drift.yaml" });
if (!lab) throw new Error(JSON.stringify(diagnostics));
await sh(`nft list ruleset >/dev/null; ${before ?? ""}`);
let base = await fresh();
for (const one of cases) {
  const answer = await tryOne(one).catch((error) => ({ trouble: String(error.stack ?? error) }));
  process.stdout.write(`${JSON.stringify({ title: one.title, ...answer })}\n`);
  if (answer.trouble ?? answer.unlike) base = await fresh();
}
await destroy(lab);

async function tryOne({ drift, undo }) {
  const began = Date.now();
  await sh(drift);
  const { changes, conflicts } = (await plan(lab)).plan;
  const answer = { plan: changes.map(lineOf), conflicts: conflicts.map(({ id }) => id) };
  const stays = undo !== undefined && (conflicts.length > 0 || changes.length === 0);
  const drifted = stays ? await resting() : undefined;
  if (conflicts.length === 0) answer.outcome = await applied();
  const left = conflicts.length === 0 ? (await plan(lab)).plan.changes.map(lineOf) : [];
  if (stays) answer.unlike = await unlike(drifted);
  if (undo !== undefined) await sh(undo);
  answer.unlike ??= await unlike(base);
  return { ...answer, left, milliseconds: Date.now() - began };
}

/** The lab made anew. @returns the fingerprint of the machine with it */
async function fresh() {
  await destroy(lab);
  const outcome = await applied();
  if (outcome !== "applied") throw new Error(`the lab cannot be made: ${outcome}`);
  return resting();
}

async function applied() {
  const { outcome, failure, differences, plan: made } = await apply(lab);
  const why = { failure, differences, conflicts: made.conflicts };
  return outcome === "applied" || outcome === "unchanged" ? outcome : `${outcome}: ${JSON.stringify(why)}`;
}

/** `~ interface:red/eth0: mtu`; the fields of what is changed, not of what is made. */
function lineOf({ action, id, fields }) {
  const named = action === "update" || action === "replace" ? `: ${fields.map(({ field }) => field).join(", ")}` : "";
  return `${SYMBOL[action]} ${id}${named}`;
}

async function fingerprint() {
  return (await run(process.execPath, [FINGERPRINT], { maxBuffer: 1 << 28 })).stdout;
}

/** The fingerprint when no address is tentative any more. */
async function resting() {
  for (let tries = 0; tries < 100 && (await sh(TENTATIVE)) !== ""; tries++) await sleep(50);
  return fingerprint();
}

/** Values in the machine's fingerprint that are not as they were, after a bounded wait; undefined where there are none. */
async function unlike(wanted) {
  let found;
  for (const until = Date.now() + 8000; Date.now() < until; await sleep(100)) {
    found = difference(wanted, await fingerprint());
    if (found.length === 0) return undefined;
  }
  return found.slice(0, 20);
}

function difference(wanted, now) {
  if (now === wanted) return [];
  const [was, is] = [wanted, now].map((print) => new Set(linesOf(JSON.parse(print))));
  const only = (some, others, sign) => [...some].filter((line) => !others.has(line)).map((line) => sign + line);
  return [...only(was, is, "- "), ...only(is, was, "+ ")].filter((line) => !LEFT.test(line));
}

/** A line for each value, with the path to it. */
function* linesOf(value, at = "") {
  if (value === null || typeof value !== "object") yield `${at} ${JSON.stringify(value)}`;
  else for (const [key, item] of Object.entries(value)) yield* linesOf(item, `${at}/${item?.ifname ?? key}`);
}
