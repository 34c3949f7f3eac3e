// netlab version: what a bug report needs.
import { toolVersions } from "../host/versions.js";
import { jsonText } from "../report/json.js";
import { table } from "../report/table.js";
import { EXIT } from "./exit-codes.js";
import { netlabVersion } from "./netlab-version.js";
import type { Session } from "./session.js";

export async function version(options: { json?: boolean }, session: Session): Promise<number> {
  const versions = { netlab: netlabVersion(), node: process.versions.node, ...(await toolVersions()) };
  if (options.json) session.out(jsonText(versions));
  else session.out(`${table(Object.entries(versions).map(([name, text]) => [name, text ?? "not installed"]))}\n`);
  return EXIT.done;
}
