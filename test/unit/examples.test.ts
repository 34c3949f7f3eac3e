// The files under examples/ as files: valid, explained, provable, and able to stand side by side.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Lab } from "../../src/topology/lab.js";
import { load } from "../../src/topology/load.js";

const EXAMPLES = path.resolve(import.meta.dirname, "../../examples");
const files = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".yaml"))
  .sort();

async function labOf(file: string): Promise<Lab> {
  const { lab, diagnostics } = await load(path.join(EXAMPLES, file));
  expect(diagnostics).toEqual([]);
  return lab!;
}

describe.each(files)("%s", (file) => {
  test("is valid, names its schema, and has checks; TCP too where there is Open vSwitch", async () => {
    const lab = await labOf(file);
    const schema = /^# yaml-language-server: \$schema=(.*)\n/.exec(
      readFileSync(path.join(EXAMPLES, file), "utf8"),
    )?.[1];
    expect(path.resolve(EXAMPLES, path.dirname(file), schema!)).toBe(
      path.resolve(EXAMPLES, "../schemas/topology.schema.json"),
    );
    expect(lab.checks).not.toEqual([]);
    if (lab.host.bridges.some((bridge) => bridge.kind === "ovs")) {
      expect(lab.checks.some((check) => "tcp" in check.test)).toBe(true);
    }
  });
});

// campus.yaml, the overview of the whole format, explains itself line by line.
test.each(files.filter((file) => file !== "campus.yaml"))("%s says what to try", (file) => {
  const header = /^(#.*\n)+/.exec(readFileSync(path.join(EXAMPLES, file), "utf8"))![0];
  expect(header).toMatch(/^# Try:\n(# {3}.*\n)+/m);
  expect(header).toContain(file);
});

test("no two labs want the same namespace, or the same name on the host", async () => {
  const holders = new Map<string, string>();
  for (const file of files) {
    const { name, namespaces, host } = await labOf(file);
    for (const wanted of [
      ...namespaces
        .map((namespace) => namespace.name)
        .filter((place) => place !== "host")
        .map((place) => `namespace ${place}`),
      ...host.interfaces.filter((device) => device.name !== "lo").map((device) => `interface ${device.name}`),
    ]) {
      expect(`${wanted}: ${holders.get(wanted) ?? name}`).toBe(`${wanted}: ${name}`);
      holders.set(wanted, name);
    }
  }
});
