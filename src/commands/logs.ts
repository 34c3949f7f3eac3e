// netlab logs: what the services of a lab print.
import { runInForeground } from "../host/process/foreground.js";
import { serviceLogs } from "../host/read/services.js";
import { HOST } from "../topology/lab.js";
import { readLabName } from "../topology/lab-name.js";
import { Complaint } from "./complaint.js";
import type { Session } from "./session.js";

export interface LogsOptions {
  lab?: string;
  follow?: boolean;
  lines: string;
}

/** tail(1) shows them, each under its name where there are several. */
export async function logs(wanted: string[], options: LogsOptions, _: Session): Promise<number> {
  const lab = options.lab ?? (await readLabName());
  const all = serviceLogs(lab);
  const paths = wanted.flatMap((name) => {
    const found = all.filter(({ service }) => service === name || service.endsWith(`/${name}`));
    if (found.length > 0) return found;
    const hint = all.length > 0 ? `there are: ${all.map(({ service }) => service).join(", ")}` : undefined;
    throw new Complaint(`Lab ${lab} has no log of a service ${name}.`, hint);
  });
  const shown = wanted.length > 0 ? paths : all;
  if (shown.length === 0) throw new Complaint(`Lab ${lab} has no logs of services on this machine.`);
  const how = options.follow ? ["-F"] : [];
  return runInForeground(HOST, ["tail", "-n", options.lines, ...how, ...shown.map(({ path }) => path)]);
}
