// netlab show: the live lab, and where it differs from its file.
import type { Change } from "../core/plan.js";
import type { State } from "../core/resource.js";
import { observeLab } from "../engine/labs.js";
import { planLab } from "../engine/plan.js";
import type { Machine } from "../host/machine.js";
import { type Details, readDetails } from "../host/read/details.js";
import { thisMachine } from "../host/this-machine.js";
import { askedSettings } from "../kinds/settings-of.js";
import { topologyOf } from "../kinds/topology-of.js";
import { detailsText } from "../report/details-text.js";
import { stateJson } from "../report/json.js";
import { driftOf, showTable } from "../report/show-table.js";
import { plural } from "../report/words.js";
import { yaml } from "../report/yaml.js";
import { HOST } from "../topology/lab.js";
import { Complaint } from "./complaint.js";
import { EXIT } from "./exit-codes.js";
import { goodLab } from "./lab-file.js";
import type { Session } from "./session.js";

export interface ShowOptions {
  lab?: string;
  json?: boolean;
  yaml?: boolean;
  verbose?: boolean;
}

export async function show(file: string | undefined, options: ShowOptions, session: Session): Promise<number> {
  if (file !== undefined && options.lab !== undefined)
    throw new Complaint("A file and --lab say the lab twice.", "leave one away");
  const machine = thisMachine();
  const lab = options.lab === undefined ? (await goodLab(file, session)).lab : undefined;
  const planned = lab && (await planLab(lab, machine));
  const name = lab?.name ?? options.lab!;
  const wanted = planned?.desired ?? {};
  const state = await observeLab(name, options.yaml ? await withSettings(name, wanted, machine) : wanted, machine);
  const drift = planned && driftOf(planned.plan.changes, state);
  const details = options.verbose && !options.yaml ? await detailsOf(state) : undefined;
  if (options.json) session.out(stateJson(name, state, drift, details));
  else if (options.yaml) session.out(yaml(topologyOf(name, state)));
  else if (Object.keys(state).length > 0)
    session.out(showTable(state, { drift, verbose: options.verbose, paint: session.outPaint }));
  if (details && !options.json) session.out(`\n${detailsText(details, session.outPaint)}`);
  if (!options.json) session.err(closing(name, Object.keys(state).length, drift));
  return EXIT.done;
}

/** Neighbours and counters of the lab's own devices. */
async function detailsOf(state: State): Promise<Details> {
  const devices = Object.values(state).filter(({ kind }) => kind === "interface");
  const bridges = Object.values(state).filter(({ kind }) => kind === "ovs-bridge");
  const details = await readDetails(
    [...new Set(devices.map(({ place }) => place))],
    bridges.map(({ at }) => String(at.name)),
  );
  const isOurs = (place: string, device: string) => state[`interface:${place}/${device}`] !== undefined;
  for (const [place, { neighbours, counters }] of Object.entries(details.places))
    details.places[place] = {
      neighbours: neighbours.filter(({ device }) => isOurs(place, device)),
      counters: counters.filter(({ device }) => isOurs(place, device)),
    };
  return details;
}

/** A topology says settings and NAT of its namespaces, which are read only where they are asked for. */
async function withSettings(name: string, desired: State, machine: Machine): Promise<State> {
  const namespaces = Object.values(await observeLab(name, desired, machine)).filter(({ kind }) => kind === "namespace");
  const asked = askedSettings([...namespaces.map(({ place }) => place), HOST]);
  return { ...Object.fromEntries([...namespaces, ...asked].map((r) => [r.id, r])), ...desired };
}

function closing(name: string, things: number, drift: Change[] | undefined): string {
  if (things === 0) return `There is nothing of lab ${name} on this machine.\n`;
  if (!drift) return "";
  return drift.length === 0
    ? `Lab ${name} is as the file says.\n`
    : `\nLab ${name} differs from the file in ${plural(drift.length, "thing")}: netlab plan shows what apply would do.\n`;
}
