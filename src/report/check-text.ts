// Checks and what became of them, as a table.
import type { CheckResult } from "../engine/check-result.js";
import type { Check } from "../topology/lab.js";
import type { Paint } from "./color.js";
import { table } from "./table.js";
import { duration, oneLine, plural } from "./words.js";

/** `red  ping 192.168.15.254`, `host  tcp 198.51.100.234:8080 to blue:80` */
export function checkWords({ from, test, listen, expect, seenAs }: Check): string[] {
  const what = "ping" in test ? `ping ${test.ping}` : `tcp ${hostPort(test.tcp)}`;
  const to = listen ? ` to ${listen.place}:${listen.port}` : "";
  return [from, what + to, seenAs ? `seen as ${seenAs}` : expect];
}

/** Ends with a newline. */
export function checkTable(results: CheckResult[], paint: Paint): string {
  const head = ["", "FROM", "CHECK", "EXPECT", "GOT", "TIME"].map(paint.dim);
  const rows = results.map(({ check, ok, got, ms }) => [
    ok ? paint.green("ok") : paint.red("FAIL"),
    ...checkWords(check),
    oneLine(got),
    duration(ms),
  ]);
  return `${table([head, ...rows])}\n`;
}

export function checkSummary(results: CheckResult[], paint: Paint): string {
  const failed = results.filter(({ ok }) => !ok).length;
  const all = plural(results.length, "check");
  if (results.length === 0) return "The file has no checks.\n";
  return failed === 0 ? `${paint.green("Passed")}: ${all}.\n` : `${paint.red("Failed")}: ${failed} of ${all}.\n`;
}

const hostPort = ({ address, port }: { address: string; port: number }) =>
  address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
