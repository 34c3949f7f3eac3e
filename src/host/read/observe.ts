// Reads the live state of the machine: every namespace with a name, and the host.
import type { Rows, Source } from "../../kinds/rows.js";
import { HOST, type Place } from "../../topology/lab.js";
import { isSysctlKey } from "../guard/guard.js";
import { journalRows } from "../journal.js";
import type { Since } from "../machine.js";
import { listNamespaces, type Namespaces } from "../namespaces.js";
import { numbersOf } from "../netlink/peers.js";
import { readPlace } from "../netlink/read.js";
import type { System } from "../netlink/system.js";
import { mergeSources, type Question } from "./ask.js";
import { askPlaces } from "./ask-places.js";
import { listEtcFiles } from "./etc-files.js";
import { readFilters } from "./filters.js";
import type { ReadLink } from "./ip-links.js";
import { readNetsids } from "./netnsids.js";
import { readOvs } from "./ovs.js";
import { plainLink, resolvePeers } from "./peers.js";
import { listProcesses } from "./processes.js";
import { readAsked, readNetwork } from "./questions.js";
import { type Reader, systemFor } from "./reader.js";
import { listServices } from "./services.js";
import { readUplinks } from "./uplinks.js";

/** What rows were made of. */
interface Look {
  inodes: Map<Place, number>;
  links: Record<Place, ReadLink[]>;
}
const looks = new WeakMap<Rows, Look>();

/**
 * Reads what `sources` ask for, with the journal of `lab`.
 * @param since an earlier look with the same sources: a namespace that has not changed since is not read again
 * @throws MachineError where a tool is missing, fails, or does not end
 */
export async function observe(lab: string, sources: Source[], reader: Reader = "auto", since?: Since): Promise<Rows> {
  const namespaces = listNamespaces();
  const system = await systemFor(reader, namespaces.inodes.size);
  const rows = emptyRows(namespaces, lab);
  const question = mergeSources([...sources, ...noted(rows, lab)]);
  const known = since ? takeOver(since, namespaces, rows) : {};
  const [ovs] = await Promise.all([
    question.ovs ? readOvs(lab) : {},
    readPlaces(question, namespaces, rows, system, known),
  ]);
  Object.assign(rows, ovs);
  if (question.etcFiles) rows.etcFile = listEtcFiles();
  if (question.services) rows.service = await listServices(namespaces.inodes);
  if (question.processes) rows.process = listProcesses(namespaces.inodes);
  return rows;
}

/** What the lab has overwritten is read whether it is still wanted or not: else it could not be put back. */
function noted({ journal }: Rows, lab: string): Source[] {
  const own = Object.entries(journal.sysctls).filter(([, { labs }]) => labs.includes(lab));
  const settings = own.map(([placeAndKey, { previous }]): Source => {
    const [place = "", key = ""] = placeAndKey.split(" ");
    return { rows: "sysctl", place, keys: [key, ...(place === HOST ? Object.keys(previous).filter(isSysctlKey) : [])] };
  });
  const taken = Object.values(journal.uplinks).some((one) => one.lab === lab);
  return taken ? [...settings, { rows: "uplinks" }, { rows: "ovs" }] : settings;
}

/** What an earlier look says of places that are the same as then. @returns their links */
function takeOver({ rows: before, changed }: Since, { inodes }: Namespaces, rows: Rows): Look["links"] {
  const look = looks.get(before);
  const links: Look["links"] = {};
  for (const [place, inode] of inodes) {
    const known = look?.links[place];
    if (!known || changed.has(place) || look.inodes.get(place) !== inode) continue;
    links[place] = known;
    for (const table of ["route", "sysctl", "offload"] as const)
      Object.assign(rows[table], { [place]: before[table][place] });
    if (before.nft[place]) rows.nft[place] = before.nft[place];
  }
  return links;
}

async function readPlaces(
  question: Question,
  namespaces: Namespaces,
  rows: Rows,
  system: System | undefined,
  links: Look["links"],
): Promise<void> {
  const places = [...namespaces.inodes.keys()].filter((place) => !links[place]);
  const reads = places.flatMap((place) => {
    const wanted = { network: question.links, ask: question.places.get(place) };
    const { network, ask } = system ? readPlace(system, place, wanted, { links, routes: rows.route }, rows) : wanted;
    return [...(network ? [readNetwork(place, links, rows.route)] : []), ...(ask ? readAsked(place, ask, rows) : [])];
  });
  if (question.filters) reads.push(...readFilters(rows, system));
  if (question.uplinks) reads.push(...readUplinks(rows));
  const { gone, stale } = await askPlaces(reads);
  leaveOut(rows, gone, stale);
  for (const place of [...gone, ...stale]) delete links[place];
  const unsure = resolvePeers(links);
  if (unsure.length > 0) {
    const told = system ? numbersOf(system, unsure, links) : {};
    const open = system ? resolvePeers(links, told) : unsure;
    if (open.length > 0) resolvePeers(links, { ...told, ...(await readNetsids(open, namespaces)) });
  }
  for (const place of rows.places) rows.link[place] = (links[place] ?? []).map(plainLink);
  looks.set(rows, { inodes: namespaces.inodes, links });
}

function emptyRows({ inodes, stale, aliases }: Namespaces, lab: string): Rows {
  const places = [...inodes.keys(), ...aliases.keys()].sort();
  const rows: Rows = {
    ...{ places, stale: [...stale], link: {}, route: {}, sysctl: {}, nft: {}, offload: {} },
    process: [],
    service: [],
    etcFile: [],
    journal: journalRows(lab),
    ...(aliases.size > 0 && { aliases: Object.fromEntries(aliases) }),
  };
  for (const place of places) {
    rows.link[place] = [];
    rows.route[place] = [];
    rows.sysctl[place] = {};
    rows.offload[place] = [];
  }
  return rows;
}

/** What vanished while it was read is as if it had never been there. */
function leaveOut(rows: Rows, gone: Set<Place>, stale: Set<Place>): void {
  if (gone.size + stale.size === 0) return;
  rows.places = rows.places.filter((place) => !gone.has(place) && !stale.has(place));
  rows.stale = [...new Set([...rows.stale, ...stale])].sort();
  for (const table of [rows.link, rows.route, rows.sysctl, rows.nft, rows.offload]) {
    for (const place of [...gone, ...stale]) delete table[place];
  }
}
