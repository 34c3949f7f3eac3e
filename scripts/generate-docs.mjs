// The page about the kinds, docs/kinds.md, from what the kinds say of themselves. `node scripts/generate-docs.mjs` after a
// build writes it; a test says when it is out of date.
import { writeFile } from "node:fs/promises";

const CHANGES = { update: "in place", replace: "made again", elsewhere: "with another resource" };
const TRAFFIC = { none: "goes on", flap: "is interrupted for a moment", rebuild: "stops until it is rebuilt" };

/** @param kinds the registry of src/kinds/index.ts */
export const kindsPage = (kinds) => `# Kinds

Everything that netlab makes is a resource of one of these kinds. A line for each field that is compared: how a change of it is
made, and what it does to traffic. A resource without fields is there or is not. This page is made by \`scripts/generate-docs.mjs\`.

| kind | what it is |
|---|---|
${kinds.map(({ name, about }) => `| [\`${name}\`](#${name}) | ${about} |`).join("\n")}

${kinds.map(section).join("\n\n")}
`;

function section({ name, about, fields }) {
  const rows = Object.entries(fields).map(
    ([field, { about, way, traffic }]) =>
      `| \`${field}\` | ${about} | ${wayText(way)} | ${TRAFFIC[way === "replace" ? "rebuild" : traffic]} |`,
  );
  const table =
    rows.length > 0
      ? ["| field | what it is | a change is made | traffic |", "|---|---|---|---|", ...rows].join("\n")
      : "It has no fields: another one is another resource.";
  return `## ${name}\n\n${about}\n\n${table}`;
}

const wayText = (way) => (typeof way === "function" ? "in place or made again, as the kernel lets it" : CHANGES[way]);

if (process.argv[1] === import.meta.filename) {
  const { kinds } = await import(new URL("../dist/kinds/index.js", import.meta.url));
  await writeFile(new URL("../docs/kinds.md", import.meta.url), kindsPage(kinds));
}
