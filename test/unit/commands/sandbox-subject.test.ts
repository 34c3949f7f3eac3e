// What a file says that concerns a sandbox: little of it is read where its words show that there is no more.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { subjectOf } from "../../../src/commands/sandbox-subject.js";

const folder = mkdtempSync(path.join(tmpdir(), "netlab-subject-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ["of a plain lab the name alone, whatever else is wrong", "nonsense: { a: 1 }", { ovs: false, published: [] }],
  ["a bridge of Open vSwitch", "bridges: { b: { kind: ovs } }", { ovs: true }],
  ["one that is spelled with an escape", 'bridges: { b: { kind: "o\\x76s" } }', { ovs: true }],
  [
    "ports to publish",
    "namespaces: { one: }\nhost: { nat: { forward: [{ protocol: tcp, port: 8080, to: '10.0.0.1:80' }] } }",
    { published: [{ protocol: "tcp", port: 8080, to: "10.0.0.1", toPort: 80 }] },
  ],
  ["the file's own wish", "sandbox: { uplink: true }", { sandbox: true, uplink: true }],
])("%s", async (_, text, subject) => {
  const file = path.join(folder, "lab.yaml");
  writeFileSync(file, `name: one\n${text}\n`);
  expect(await subjectOf(file, undefined, true)).toMatchObject({ lab: "one", handed: { name: file }, ...subject });
});
