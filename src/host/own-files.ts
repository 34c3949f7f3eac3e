// netlab's own built files that are run as processes. This file is one folder below dist/ as a module, and as a part of the packed
// command line: what is asked of here is the same file for both.
import { fileURLToPath } from "node:url";

const own = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** The command line. */
export const CLI = own("cli.js");
/** What runs a verb of the library inside a sandbox. */
export const INSIDE = own("inside.js");
/** What probes from within a network namespace. */
export const PROBE_HELPER = own("host/probe/helper.js");
