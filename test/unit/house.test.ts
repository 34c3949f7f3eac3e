// The house: which room may import what, who may print, one importer a dependency, short files that say what they are for.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

const SRC = path.resolve(import.meta.dirname, "../../src");

interface File {
  /** From src: `core/diff.ts`. */
  name: string;
  room: string;
  text: string;
  /** Packages (`node:fs`, `yaml`), and files of the house from src. */
  packages: string[];
  files: string[];
}

const files: File[] = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => {
    const text = readFileSync(path.join(SRC, name), "utf8");
    const imports = name.endsWith(".gen.ts") ? [] : importsOf(text);
    const isFile = (one: string) => one.startsWith(".");
    const fromHere = (one: string) => path.join(path.dirname(name), one).replace(/\.js$/, ".ts");
    return {
      name,
      room: name.includes("/") ? name.slice(0, name.indexOf("/")) : "",
      text,
      packages: imports.filter((one) => !isFile(one)),
      files: imports.filter(isFile).map(fromHere),
    };
  });

function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*"([^"]+)"/g)].map(([, one]) => one!);
}

const inRoom = (room: string) => files.filter((file) => file.room === room);

/** What each room may import besides itself. Nothing below `host` knows where commands run. */
const ROOMS: { [room: string]: string[] } = {
  topology: [],
  core: [],
  kinds: ["core", "topology"],
  engine: ["topology", "core", "kinds", "host"],
  host: ["topology", "core", "kinds"],
  report: ["topology", "core", "engine", "host"],
  commands: ["topology", "core", "kinds", "engine", "host", "report", ""],
};

describe.each(Object.keys(ROOMS))("%s", (room) => {
  test("has files", () => expect(inRoom(room).length).toBeGreaterThan(5));

  test("imports from its own side of the house only", () => {
    const wrong = inRoom(room).flatMap(({ name, files: imported }) =>
      imported
        .filter((one) => ![room, ...ROOMS[room]!].includes(one.includes("/") ? one.slice(0, one.indexOf("/")) : ""))
        .map((one) => `${name} imports ${one}`),
    );
    expect(wrong).toEqual([]);
  });
});

/** What each folder of the host may import of the others; the files beside the folders are everybody's. */
const HOST_FOLDERS: { [folder: string]: string[] } = {
  process: [],
  guard: [],
  read: ["process", "guard", "netlink", "sandbox/inside.ts"],
  netlink: ["read"],
  write: ["process", "guard", "netlink", "read"],
  probe: ["process"],
  sandbox: ["process"],
  doctor: ["process", "read", "sandbox"],
};

test("the folders of the host stand on one another", () => {
  const folders = new Set(inRoom("host").flatMap(({ name }) => name.split("/").slice(1, -1)));
  expect([...folders].sort()).toEqual(Object.keys(HOST_FOLDERS).sort());
  const wrong = Object.entries(HOST_FOLDERS).flatMap(([folder, others]) => {
    const allowed = [folder, ...others].map((one) => (one.endsWith(".ts") ? `host/${one}` : `host/${one}/`));
    const isWrong = (one: string) => /^host\/.*\//.test(one) && !allowed.some((start) => one.startsWith(start));
    const its = files.filter(({ name }) => name.startsWith(`host/${folder}/`));
    return its.flatMap(({ name, files: imported }) => imported.filter(isWrong).map((one) => `${name} imports ${one}`));
  });
  expect(wrong).toEqual([]);
});

test("of the host, report knows the shape of details only", () => {
  const reported = inRoom("report").flatMap(({ files: imported }) => imported);
  expect([...new Set(reported.filter((one) => one.startsWith("host/")))].sort()).toEqual(REPORT_FROM_HOST);
});
const REPORT_FROM_HOST = ["host/read/details.ts"];

test("core knows no kind by name", () => {
  const names = readdirSync(path.join(SRC, "kinds")).map((name) => name.replace(".ts", ""));
  for (const { name, text } of inRoom("core"))
    for (const kind of names.filter((one) => one.length > 3 && !["kind", "index", "slots"].includes(one)))
      expect(text.includes(`"${kind}"`), `${name} names ${kind}`).toBe(false);
});

test("core and kinds import no node modules, and core only its two packages", () => {
  expect(inRoom("core").flatMap(({ packages }) => packages)).toEqual(["fast-deep-equal", "immer"]);
  expect(inRoom("kinds").flatMap(({ packages }) => packages)).toEqual([]);
});

test("each dependency has one importer", () => {
  const importers = (one: string) => files.filter(({ packages }) => packages.includes(one)).map(({ name }) => name);
  expect(importers("yaml")).toEqual(["topology/parse.ts"]);
  expect(importers("ip-address")).toEqual(["topology/inet.ts"]);
  expect(importers("execa")).toEqual(["host/process/exec.ts"]);
  expect(importers("immer")).toEqual(["core/simulate.ts"]);
  expect(importers("fast-deep-equal")).toEqual(["core/diff.ts"]);
});

test("only host starts processes and opens sockets", () => {
  const isEffect = (one: string) => ["node:child_process", "node:net", "node:dgram", "execa"].includes(one);
  const found = files.filter(({ packages }) => packages.some(isEffect)).map(({ room }) => room);
  expect([...new Set(found)]).toEqual(["host"]);
});

/**
 * Besides host: the topology file is read, and looked at before it is handed into a sandbox; a saved plan is read and
 * written; netlab's own version is looked up.
 */
const FILE_READERS = [
  "commands/netlab-version.ts",
  "commands/plan.ts",
  "commands/sandbox-subject.ts",
  "topology/find.ts",
  "topology/read.ts",
];

test("only host touches files, but for the files that are named to netlab", () => {
  const found = files.filter(({ room, packages }) => room !== "host" && packages.some((one) => /^node:fs/.test(one)));
  expect(found.map(({ name }) => name).sort()).toEqual(FILE_READERS);
});

/** The session has the streams that the commands print to; the helper and the foreground child hand bytes through. */
const PRINTERS = ["cli.ts", "commands/session.ts", "host/probe/helper.ts", "host/process/foreground.ts"];

test("only cli and the session have the streams", () => {
  const prints = files.filter(({ text }) => /\bconsole\.|\bprocess\.std(out|err)\b/.test(text)).map(({ name }) => name);
  expect(prints.sort()).toEqual(PRINTERS);
});

/** Where rights are missing, the words are said again with sudo before them. */
test("only cli reads the command line", () => {
  const readers = files.filter(({ text }) => /\bprocess\.argv\.slice/.test(text)).map(({ name }) => name);
  expect(readers.sort()).toEqual(["cli.ts", "host/rights.ts"]);
});

test.each(files.filter(({ name }) => !name.endsWith(".gen.ts")))(
  "$name is short and says what it is for",
  ({ text }) => {
    expect(text.split("\n").length).toBeLessThanOrEqual(301);
    expect(text).toMatch(/^(#!.*\n)?\/\/ \S.{10,}/);
    expect(text).not.toMatch(/@ts-ignore|@ts-expect-error|TODO|FIXME/);
  },
);

test("no file is a bag of things", () => {
  expect(files.filter(({ name }) => /util|helper?s?\.|manager|misc|common/i.test(path.basename(name)))).toEqual(
    files.filter(({ name }) => name === "host/probe/helper.ts"),
  );
});
