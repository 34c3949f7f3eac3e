// The packet filters of the machine: nft's ruleset, and the tables of iptables-legacy beside it.
import { readFileSync } from "node:fs";
import { chainsOf, type FilterChain, type FilterFamily } from "../../kinds/filters.js";
import type { Rows } from "../../kinds/rows.js";
import { HOST } from "../../topology/lab.js";
import type { System } from "../netlink/system.js";
import { hasRuleset } from "../netlink/tables.js";
import { which } from "../process/environment.js";
import { legacyChains } from "./iptables-legacy.js";
import { parseNft } from "./nft.js";
import type { Read } from "./questions.js";

/** By the file in which the kernel names the tables that iptables-legacy(8) has made: then it can be asked for them. */
const LEGACY: { file: string; tool: string; family: FilterFamily }[] = [
  { file: "/proc/net/ip_tables_names", tool: "iptables-legacy", family: "legacy-ip" },
  { file: "/proc/net/ip6_tables_names", tool: "ip6tables-legacy", family: "legacy-ip6" },
];

/** Without the elements of sets (`-t`), which may be many. */
const LIST = ["nft", "-j", "-t", "list", "ruleset"];

/**
 * @param rows where the chains go
 * @param system with it, no program is started where the kernel has no rules
 */
export function readFilters(rows: Pick<Rows, "filters">, system?: System): Read[] {
  rows.filters = [];
  const add = (chains: FilterChain[]) => rows.filters?.push(...chains);
  const nft: Read = {
    place: HOST,
    process: { argv: LIST, input: "" },
    take: ({ exitCode, output }) => add(chainsOf(parseNft(exitCode, output) ?? [])),
  };
  return [
    ...(system && !hasRuleset(system) ? [] : [nft]),
    ...LEGACY.filter(({ file }) => hasFilter(file)).flatMap((legacy) => readLegacy(legacy, add)),
  ];
}

function readLegacy({ tool, family }: (typeof LEGACY)[number], add: (chains: FilterChain[]) => void): Read[] {
  if (!which(tool)) {
    add([{ family, table: "filter", name: "FORWARD", hook: "forward", rules: [], hidden: true }]);
    return [];
  }
  const take: Read["take"] = ({ exitCode, output }) => {
    if (exitCode !== 0) throw new Error(output.trim().split("\n")[0] || `exit code ${exitCode}`);
    add(legacyChains(family, output));
  };
  return [{ place: HOST, process: { argv: [tool, "-w", "-S"], input: "" }, take }];
}

/** For root only; the file is not there where the module was never loaded. */
function hasFilter(file: string): boolean {
  try {
    return readFileSync(file, "utf8").split("\n").includes("filter");
  } catch {
    return false;
  }
}
