// `nft -j list table inet TABLE` → its objects; nft(8), libnftables-json(5).
import type { Json } from "../../core/resource.js";
import { isObject, jsonLines } from "./tool-json.js";

/** The `nftables` array without what is about nft itself, or undefined where there is no such table or no nft at all. Throws with nft's words otherwise. */
export function parseNft(exitCode: number, output: string): Json[] | undefined {
  if (exitCode === 127 || exitCode === 126 || (exitCode !== 0 && /No such file or directory/.test(output)))
    return undefined;
  const [found] = jsonLines(output);
  if (exitCode !== 0 || !isObject(found) || !Array.isArray(found.nftables)) {
    throw new Error(output.trim().split("\n")[0] || `exit code ${exitCode}`);
  }
  return found.nftables.filter((one) => !(isObject(one) && "metainfo" in one));
}
