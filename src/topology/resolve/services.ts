// The services of a place: commands as words, tests as one word each.
import type { Service } from "../lab.js";
import { join } from "../pointer.js";
import type * as T from "../types.gen.js";
import type { Context, Site } from "./site.js";

const TESTS = ["tcp", "udp", "ping", "log"] as const;

export function servicesOf(context: Context, site: Site): Service[] {
  return Object.entries(site.spec.services ?? {})
    .filter(([name]) => !context.broken(join(site.pointer, "services", name)))
    .map(([name, spec]) => serviceOf(context, join(site.pointer, "services", name), name, spec))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function serviceOf(context: Context, origin: string, name: string, spec: T.Service): Service {
  const { command, restart = "on-failure", directory = "/", env } = spec;
  const ready = testOf(context, join(origin, "ready"), spec.ready);
  return {
    ...{ name, origin, restart, directory },
    command: typeof command === "string" ? ["sh", "-c", command] : command,
    env: Object.fromEntries(Object.entries(env ?? {}).map(([key, value]) => [key, String(value)])),
    ...(ready !== undefined && { ready }),
  };
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
