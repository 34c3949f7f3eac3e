// The topology as a Mermaid flowchart (mermaid.js.org/syntax/flowchart.html), which GitHub and GitLab draw.
import type { Lab } from "../topology/lab.js";
import { type Edge, graphOf, type Node } from "./graph.js";

const SHAPES: Record<Node["shape"], [string, string]> = {
  ...{ place: ["[", "]"], linux: ["([", "])"], ovs: ["{{", "}}"], tap: [">", "]"], card: ["[[", "]]"] },
};

export function graphMermaid(lab: Lab): string {
  const { name, clusters, edges } = graphOf(lab);
  const lines = clusters.flatMap(({ id, title, nodes }) =>
    nodes.length === 1 && title !== "host"
      ? nodes.map((node) => `  ${nodeText(node)}`)
      : [`  subgraph ${id} [${text([title])}]`, ...nodes.map((node) => `    ${nodeText(node)}`), "  end"],
  );
  return `${[`---`, `title: ${JSON.stringify(`lab ${name}`)}`, "---", "flowchart LR", ...lines, ...edges.map(edgeText)].join("\n")}\n`;
}

function nodeText({ id, shape, label }: Node): string {
  const [open, close] = SHAPES[shape];
  return `${id}${open}${text(label)}${close}`;
}

function edgeText({ a, b, labelA, labelB, internal }: Edge): string {
  const ends = [labelA.join(" "), labelB.join(" ")].filter(Boolean);
  const label = ends.length > 0 ? `|${text([ends.join(" — ")])}|` : "";
  return `  ${a} ${internal ? "-.-" : "---"}${label} ${b}`;
}

/** Quoted; Mermaid knows `#quot;` and reads the rest as HTML. */
function text(lines: string[]): string {
  const escaped = lines.map((line) => line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "#quot;"));
  return `"${escaped.join("<br>")}"`;
}
