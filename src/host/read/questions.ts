// The reads of one observation as jobs, and how each answer goes into the rows.
import type { Command } from "../../core/resource.js";
import type { RouteRow, Rows } from "../../kinds/rows.js";
import { HOST, type Place } from "../../topology/lab.js";
import type { Process, ProcessEnd } from "../process/job.js";
import type { Ask } from "./ask.js";
import { linkRows, type ReadLink } from "./ip-links.js";
import { routeRows } from "./ip-routes.js";
import { parseNft } from "./nft.js";
import { parseOffload } from "./offload.js";
import { ownSysctls, parseSysctls, sysctlArgs } from "./sysctl.js";
import { jsonLines, objects } from "./tool-json.js";

/** One process that reads in one place. `take` throws where the answer is no answer. */
export interface Read {
  place: Place;
  process: Process;
  take(end: ProcessEnd): void;
}

/** Names of protocols, tables and groups can be changed by files in /etc/iproute2: `-N` prints numbers. */
const IP_READ = ["ip", "-N", "-j", "-d", "-batch", "-"];
const IP_LINES = "address show\nroute show table all\n";

/** Links with their addresses, and the routes of both families, in one process. */
export function readNetwork(place: Place, links: Record<Place, ReadLink[]>, routes: Record<Place, RouteRow[]>): Read {
  return {
    place,
    process: { argv: IP_READ, input: IP_LINES },
    take(end) {
      expectSuccess(end);
      // ip says so and ends well, when links or routes changed while it read them.
      if (end.output.includes("Dump was interrupted"))
        throw new Error("the state changed all the time while it was read");
      const [addresses, table] = jsonLines(end.output);
      links[place] = linkRows(objects(addresses));
      routes[place] = routeRows(objects(table));
    },
  };
}

/** What is asked for in one place besides. */
export function readAsked(place: Place, ask: Ask, rows: Rows): Read[] {
  const reads: Read[] = [];
  if (ask.sysctls.size > 0 && place === HOST) rows.sysctl[HOST] = ownSysctls(ask.sysctls);
  else if (ask.sysctls.size > 0) {
    reads.push({
      place,
      process: { argv: ["grep", ...sysctlArgs(ask.sysctls)], input: "" },
      take(end) {
        if (end.exitCode > 2 || entering(end)) expectSuccess(end); // 1 and 2: some keys do not exist
        rows.sysctl[place] = parseSysctls(end.output);
      },
    });
  }
  for (const table of ask.tables) {
    reads.push({
      place,
      process: { argv: ["nft", "-j", "list", "table", "inet", table], input: "" },
      take(end) {
        const found = parseNft(end.exitCode, end.output);
        if (found) rows.nft[place] = [...(rows.nft[place] ?? []), ...found];
      },
    });
  }
  if (ask.offload) {
    reads.push({
      place,
      process: { argv: ["ethtool", "-k", "*"], input: "" },
      take(end) {
        expectSuccess(end);
        rows.offload[place] = parseOffload(end.output);
      },
    });
  }
  return reads;
}

function entering(end: ProcessEnd): boolean {
  return end.output.startsWith("nsenter: ");
}

function expectSuccess(end: ProcessEnd): void {
  if (end.exitCode !== 0) throw new Error(end.output.trim().split("\n")[0] || `exit code ${end.exitCode}`);
}

/** The process of a read as a command that a message can show. */
export function asCommand({ place, process }: Read): Command {
  const [tool = "", ...args] = process.argv;
  return { tool, place, args, ...(process.input ? { stdin: process.input } : {}) };
}
