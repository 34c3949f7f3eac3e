// The topology in DOT, the language of Graphviz (graphviz.org/doc/info/lang.html).
import type { Lab } from "../topology/lab.js";
import { type Edge, graphOf, type Node } from "./graph.js";

const SHAPES: Record<Node["shape"], string> = {
  place: "box",
  linux: "ellipse",
  ovs: "hexagon",
  tap: "cds",
  card: "component",
};

export function graphDot(lab: Lab): string {
  const { name, clusters, edges } = graphOf(lab);
  const lines = clusters.flatMap(({ id, title, nodes }) =>
    nodes.length === 1 && title !== "host"
      ? nodes.map((node) => `  ${nodeText(node)}`)
      : [
          `  subgraph cluster_${id} {`,
          `    label=${text([title])};`,
          ...nodes.map((node) => `    ${nodeText(node)}`),
          "  }",
        ],
  );
  const head = [
    `graph ${text([name])} {`,
    `  label=${text([`lab ${name}`])};`,
    "  rankdir=LR;",
    '  node [fontname="sans-serif"];',
  ];
  return `${[...head, ...lines, ...edges.map(edgeText), "}"].join("\n")}\n`;
}

const nodeText = ({ id, shape, label }: Node): string => `${id} [shape=${SHAPES[shape]}, label=${text(label)}];`;

function edgeText({ a, b, labelA, labelB, internal }: Edge): string {
  const style = internal ? ", style=dashed" : "";
  return `  ${a} -- ${b} [taillabel=${text(labelA)}, headlabel=${text(labelB)}${style}];`;
}

const text = (lines: string[]): string =>
  `"${lines.map((line) => line.replaceAll("\\", "\\\\").replaceAll('"', '\\"')).join("\\n")}"`;
