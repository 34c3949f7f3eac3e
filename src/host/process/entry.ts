// What it means when a namespace cannot be entered.
import { notPermitted } from "../rights.js";
import type { ProcessEnd } from "./job.js";

/**
 * `gone`: the namespace was deleted meanwhile; `stale`: its file is no namespace (any more); undefined: it was entered.
 * @throws MachineError where this process may not enter it
 */
export function expectedEntry(end: ProcessEnd): "gone" | "stale" | undefined {
  if (end.exitCode === 0) return undefined;
  const words = /^nsenter: (?!failed to execute)(.*)$/m.exec(end.output)?.[1];
  if (words === undefined) return undefined;
  if (/Operation not permitted|Permission denied/.test(words)) throw notPermitted("entering network namespaces");
  if (/reassociate to namespace .* failed: Invalid argument/.test(words)) return "stale";
  if (/^cannot open .*: No such file or directory/.test(words)) return "gone";
  return undefined;
}
