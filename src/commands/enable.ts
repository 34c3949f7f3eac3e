// netlab enable and disable: a systemd unit that applies the lab at boot and destroys it at shutdown.
import { resolve } from "node:path";
import { listLabs } from "../engine/labs.js";
import { otherWriters } from "../host/other-writers.js";
import { CLI } from "../host/own-files.js";
import { mayChange } from "../host/rights.js";
import { hasUnit, removeUnit, requireSystemd, systemctl, UNIT_FOLDER, writeUnit } from "../host/systemd.js";
import { thisMachine } from "../host/this-machine.js";
import { UNIT_MARK, unitName, unitText } from "../report/systemd-unit.js";
import { readLabName } from "../topology/lab-name.js";
import { Complaint } from "./complaint.js";
import { EXIT } from "./exit-codes.js";
import { goodLab } from "./lab-file.js";
import type { Session } from "./session.js";

export interface UnitOptions {
  lab?: string;
  /** Starts, or stops, the unit too. */
  now?: boolean;
  /** Only the file is written or removed, here: systemd is not asked. */
  unitDir?: string;
}

export async function enable(file: string | undefined, options: UnitOptions, session: Session): Promise<number> {
  if (file === "-") throw new Complaint("A lab that comes back at boot needs a file.", "name it: netlab enable FILE");
  const good = await goodLab(file, session);
  if (good.lab.sandbox)
    throw new Complaint(
      `Lab ${good.lab.name} says \`sandbox: true\`: a sandbox belongs to a user's session, and systemd runs the lab as root.`,
      "remove `sandbox: true`, or apply it after boot as the user",
    );
  if (options.unitDir === undefined) requireSystemd();
  const unit = unitName(good.lab.name);
  const folder = resolve(options.unitDir ?? UNIT_FOLDER);
  const text = unitText({ lab: good.lab.name, file: resolve(good.file), netlab: [process.execPath, CLI] });
  writeUnit(folder, unit, text, UNIT_MARK);
  if (options.unitDir === undefined) {
    await systemctl("daemon-reload");
    await systemctl("enable", ...(options.now ? ["--now"] : []), unit);
  }
  session.err(`Enabled: ${folder}/${unit} applies ${resolve(good.file)} at boot.\n`);
  const others = otherWriters(resolve(good.file));
  if (others !== undefined)
    session.err(
      `Warning: ${others}, and root runs at every boot what the file says, its services too: keep it where only root may write.\n`,
    );
  return EXIT.done;
}

export async function disable(file: string | undefined, options: UnitOptions, session: Session): Promise<number> {
  if (file !== undefined && options.lab !== undefined)
    throw new Complaint("A file and --lab say the lab twice.", "leave one away");
  const name = options.lab ?? (await readLabName(file));
  const unit = unitName(name);
  const folder = resolve(options.unitDir ?? UNIT_FOLDER);
  if (!hasUnit(folder, unit, UNIT_MARK)) {
    session.err(`Lab ${name} is not enabled: there is no ${folder}/${unit}.\n`);
    return EXIT.done;
  }
  if (options.unitDir === undefined) {
    requireSystemd();
    await systemctl("disable", ...(options.now ? ["--now"] : []), unit);
  }
  removeUnit(folder, unit);
  if (options.unitDir === undefined) await systemctl("daemon-reload");
  session.err(`Disabled: ${folder}/${unit} is removed.\n`);
  if (await stands(name))
    session.err(`Lab ${name} still stands, until the next reboot: netlab destroy --lab ${name} removes it now.\n`);
  return EXIT.done;
}

/** Where nobody may look, nobody says so. */
const stands = async (lab: string): Promise<boolean> =>
  mayChange() && (await listLabs(thisMachine())).some(({ name }) => name === lab);
