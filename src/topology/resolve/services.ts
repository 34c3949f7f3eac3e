// The services of a place: commands as words, tests as one word each.
import type { NamespaceFile, Service } from "../lab.js";
import { join } from "../pointer.js";
import type * as T from "../types.gen.js";
import { type Context, inPlace, type Site } from "./site.js";

const TESTS = ["tcp", "udp", "ping", "log"] as const;

export function servicesOf(context: Context, site: Site): Service[] {
  return Object.entries(site.spec.services ?? {})
    .filter(([name]) => !context.broken(join(site.pointer, "services", name)))
    .map(([name, spec]) => serviceOf(context, join(site.pointer, "services", name), name, spec));
}

function serviceOf(context: Context, origin: string, name: string, spec: T.Service): Service {
  const { command, restart = "on-failure", directory = "/", env } = spec;
  const ready = testOf(context, join(origin, "ready"), spec.ready);
  refuseNul(context, origin, spec);
  return {
    ...{ name, origin, restart, directory },
    command: typeof command === "string" ? ["sh", "-c", command] : command,
    env: Object.fromEntries(Object.entries(env ?? {}).map(([key, value]) => [key, String(value)])),
    ...(ready !== undefined && { ready }),
  };
}

/** execve(2) ends a word at its first NUL byte. */
function refuseNul(context: Context, origin: string, { command, env, ready }: T.Service): void {
  const words: [pointer: string, word: unknown][] = [
    ...(typeof command === "string"
      ? [[join(origin, "command"), command] as [string, string]]
      : command.map((word, i): [string, string] => [join(origin, "command", String(i)), word])),
    ...Object.entries(env ?? {}).map(([key, word]): [string, unknown] => [join(origin, "env", key), word]),
    [join(origin, "ready", "log"), ready?.log],
  ];
  for (const [pointer, word] of words)
    if (String(word).includes("\0"))
      context.report({ pointer, code: "nul-byte", message: "A word of a command cannot hold a NUL byte." });
}

function testOf(context: Context, pointer: string, ready: T.Service["ready"]): string | undefined {
  if (!ready) return undefined;
  const tests = TESTS.filter((test) => ready[test] !== undefined);
  if (tests.length !== 1) {
    const message = `"ready" is one of ${TESTS.join(", ")}, and this is ${tests.length === 0 ? "none" : tests.join(" and ")}.`;
    context.report({ pointer, at: "key", code: "ready-not-one", message });
    return undefined;
  }
  const [test] = tests as [(typeof TESTS)[number]];
  if (test === "log" && !isPattern(ready.log!)) {
    context.report({
      pointer: join(pointer, "log"),
      code: "bad-pattern",
      message: `"${ready.log}" is no regular expression.`,
    });
  }
  return `${test}:${ready[test]}`;
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text) !== null;
  } catch {
    return false;
  }
}

/** Sorted; a name that is used twice is that of a service which netlab makes itself. */
export function byNames(context: Context, site: Site, services: Service[]): Service[] {
  const sorted = [...services].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const [i, { name }] of sorted.entries()) {
    if (sorted[i + 1]?.name !== name) continue;
    const message = `"${name}" ${inPlace(site.place)} is the name of the service that netlab makes for DHCP.`;
    context.report({ pointer: join(site.pointer, "services", name), at: "key", code: "duplicate-name", message });
  }
  return sorted;
}

/** What the file says, before what follows from it. */
export function filesOf({ pointer, spec }: Site, derived: NamespaceFile[]): NamespaceFile[] {
  const said = Object.entries(spec.files ?? {}).map(([name, text]) => ({
    name,
    text,
    origin: join(pointer, "files", name),
  }));
  const others = derived.filter(({ name }) => !said.some((one) => one.name === name));
  return [...said, ...others].sort((a, b) => (a.name < b.name ? -1 : 1));
}
