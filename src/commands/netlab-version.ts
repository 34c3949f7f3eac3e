// netlab's own version, from the package that this file is in.
import { readFileSync } from "node:fs";

export function netlabVersion(): string {
  const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { version: string }).version;
}
