// How the commands of each tool travel: together where the tool can take many, else one process a command.
import type { Command } from "../../core/resource.js";
import { guard } from "../guard/guard.js";
import { ipParcels } from "./ip-batch.js";
import { nftParcels } from "./nft-batch.js";
import { ovsParcels } from "./ovs-batch.js";
import { oneLine, type Parcel } from "./parcel.js";
import { sysctlParcels } from "./sysctl-batch.js";

/** Commands of one tool in one place → processes in order. @throws Error from the guard */
export function parcels(commands: Command[], timeout: number): Parcel[] {
  for (const command of commands) guard(command);
  switch (commands[0]?.tool) {
    case "ip":
      return ipParcels(commands);
    case "ovs-vsctl":
      return ovsParcels(commands, timeout);
    case "nft":
      return nftParcels(commands);
    case "sysctl":
      return sysctlParcels(commands);
    default:
      return commands.map(single);
  }
}

function single(command: Command): Parcel {
  return {
    commands: [command],
    process: { argv: [command.tool, ...command.args], input: command.stdin ?? "" },
    blame: (end) => ({ command: 0, done: 0, message: oneLine(end.output) || `exit code ${end.exitCode}` }),
  };
}
