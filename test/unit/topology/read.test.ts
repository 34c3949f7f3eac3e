// Files that are no files, and where the topology is looked for.
import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findTopology } from "../../../src/topology/find.js";
import { load } from "../../../src/topology/load.js";
import { MAX_BYTES, readText } from "../../../src/topology/read.js";

const folder = mkdtempSync(path.join(tmpdir(), "netlab-read-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => path.join(folder, name);
const codes = async (file: string): Promise<string[]> => (await load(file)).diagnostics.map(({ code }) => code);

describe("load", () => {
  test("a file, a text", async () => {
    writeFileSync(at("good.yaml"), "\ufeffname: lab\r\nnamespaces:\r\n  red:\r\n");
    expect((await load(at("good.yaml"))).lab?.namespaces.map(({ name }) => name)).toEqual(["red"]);
    expect((await load({ text: "name: lab", file: "there.yaml" })).file).toBe("there.yaml");
  });

  test("what cannot be read", async () => {
    expect(await codes(at("missing.yaml"))).toEqual(["no-such-file"]);
    expect(await codes(folder)).toEqual(["not-a-file"]);
    expect(await codes(at("good.yaml/x"))).toEqual(["unreadable-file"]);
    expect((await load(at("missing.yaml"))).diagnostics[0]).toMatchObject({
      file: at("missing.yaml"),
      position: { line: 1, column: 1 },
    });
  });

  test("what does not end, or is too large", async () => {
    expect(await codes("/dev/zero")).toEqual(["too-large"]);
    writeFileSync(at("large.yaml"), "name: lab\n");
    truncateSync(at("large.yaml"), MAX_BYTES + 1);
    expect(await codes(at("large.yaml"))).toEqual(["too-large"]);
    execFileSync("/usr/bin/mkfifo", [at("fifo")]);
    expect(await codes(at("fifo"))).toEqual(["empty-file"]);
  });

  test("a pipe whose writer says nothing", async () => {
    execFileSync("/usr/bin/mkfifo", [at("silent")]);
    const writer = openSync(at("silent"), "r+");
    writeSync(writer, "name: lab\n");
    const begin = performance.now();
    await expect(readText(at("silent"), 0.2)).rejects.toMatchObject({
      reason: { code: "unreadable-file", message: "Nothing came through this pipe for 0.2 seconds." },
    });
    expect(performance.now() - begin).toBeLessThan(10_000);
    closeSync(writer);
  });

  test("what is no text, or has nothing in it", async () => {
    writeFileSync(at("latin1.yaml"), Buffer.from([0x6e, 0xe9]));
    expect(await codes(at("latin1.yaml"))).toEqual(["not-utf8"]);
    expect((await load({ text: "# nothing\n\n", file: "x" })).diagnostics).toMatchObject([{ code: "empty-file" }]);
  });
});

describe("findTopology", () => {
  test("netlab.yaml, else the only *.netlab.yaml, else topo.yaml", async () => {
    const place = mkdtempSync(path.join(folder, "find-"));
    const found = async () => path.basename(await findTopology(place));
    await expect(findTopology(place)).rejects.toMatchObject({ reason: { code: "no-such-file" } });
    writeFileSync(path.join(place, "topo.yaml"), "");
    expect(await found()).toBe("topo.yaml");
    writeFileSync(path.join(place, "a.netlab.yaml"), "");
    expect(await found()).toBe("a.netlab.yaml");
    writeFileSync(path.join(place, "b.netlab.yaml"), "");
    await expect(findTopology(place)).rejects.toMatchObject({
      message: expect.stringContaining("a.netlab.yaml, b.netlab.yaml"),
    });
    writeFileSync(path.join(place, "netlab.yaml"), "");
    expect(await found()).toBe("netlab.yaml");
  });
});
