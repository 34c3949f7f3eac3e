// netlab graph: the topology as text that other programs draw.
import { graphDot } from "../report/graph-dot.js";
import { graphMermaid } from "../report/graph-mermaid.js";
import { EXIT } from "./exit-codes.js";
import { goodLab } from "./lab-file.js";
import type { Session } from "./session.js";

export async function graph(
  file: string | undefined,
  options: { format: "mermaid" | "dot" },
  session: Session,
): Promise<number> {
  const { lab } = await goodLab(file, session);
  session.out(options.format === "dot" ? graphDot(lab) : graphMermaid(lab));
  return EXIT.done;
}
