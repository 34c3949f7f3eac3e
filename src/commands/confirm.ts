// netlab confirm: keeps what `apply --confirm` has made; and the process that takes it back when nobody does.
import { confirmPending, takeBack, watchPending } from "../engine/pending.js";
import { sayReady, tellLog } from "../host/pending.js";
import { thisMachine } from "../host/this-machine.js";
import { readLabName } from "../topology/lab-name.js";
import { Complaint } from "./complaint.js";
import { EXIT } from "./exit-codes.js";
import type { Session } from "./session.js";

export interface ConfirmOptions {
  lab?: string;
  /** Takes it back instead, without waiting for the time to be over. */
  back?: boolean;
  lockTimeout: number;
}

export async function confirm(file: string | undefined, options: ConfirmOptions, session: Session): Promise<number> {
  if (file !== undefined && options.lab !== undefined)
    throw new Complaint("A file and --lab say the lab twice.", "leave one away");
  const lab = options.lab ?? (await readLabName(file));
  const nothing = new Complaint(
    `No apply of lab ${lab} waits to be confirmed.`,
    "what was not confirmed in time is taken back: netlab show",
  );
  if (!options.back) {
    if (!(await confirmPending(lab, thisMachine(), options.lockTimeout))) throw nothing;
    session.err(`Confirmed: lab ${lab} stays as it is.\n`);
    return EXIT.done;
  }
  const left = await takeBack(lab, thisMachine(), options.lockTimeout);
  if (!left) throw nothing;
  if (left.length > 0)
    throw new Complaint(`Lab ${lab} did not come back as it was: ${left[0]!.id}.`, `netlab destroy --lab ${lab}`);
  session.err(`Taken back: lab ${lab} is as it was before.\n`);
  return EXIT.done;
}

/** The verb of the process that `apply --confirm` leaves behind. */
export async function awaitConfirm(options: { lab: string }): Promise<number> {
  // Whoever logs out, or stops netlab's apply, does not mean this one.
  for (const signal of ["SIGHUP", "SIGINT"] as const) process.on(signal, () => {});
  tellLog(await watchPending(options.lab, thisMachine(), { ready: sayReady, tell: tellLog }));
  return EXIT.done;
}
