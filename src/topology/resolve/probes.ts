// The `checks` of the file, lists multiplied out to pairs.
import { parseAddress } from "../inet.js";
import type { Check, Pointer } from "../lab.js";
import { join } from "../pointer.js";
import { HOLE, items } from "../prune.js";
import { didYouMean } from "../suggest.js";
import type * as T from "../types.gen.js";
import { wordReason } from "../words.js";
import type { Context } from "./site.js";
import { socketOf } from "./socket.js";

const WITHIN_SECONDS = 5;

/** Every pair of every check, in the order of the file. */
export function probesOf(context: Context): Check[] {
  return items(context.topology.checks).flatMap(([index, spec]) => pairsOf(context, join("/checks", index), spec));
}

/** One text or a list of them, with the place of each. */
function texts(value: string | string[] | undefined, pointer: Pointer): [Pointer, string][] {
  if (typeof value === "string") return [[pointer, value]];
  return items(value).map(([index, text]) => [join(pointer, index), text]);
}

function pairsOf(context: Context, origin: Pointer, spec: T.Check): Check[] {
  const wrong = (pointer: Pointer, code: string, message: string, suggestion?: string, at: "key" | "value" = "value") =>
    context.report({ pointer, at, code, message, suggestion });
  const whole = !context.broken(origin);
  if (whole && spec.ping !== undefined && spec.tcp !== undefined) {
    wrong(join(origin, "tcp"), "two-tests", 'A check has "ping" or "tcp", not both.', "write two checks", "key");
  }
  if (whole && spec.ping === undefined && spec.tcp === undefined)
    wrong(origin, "missing-key", 'A check needs "ping" or "tcp".');
  if (whole) checkWords(spec, origin, wrong);
  const listen = listenerOf(context, join(origin, "listen"), spec.listen);
  const tests: (Check["test"] & { port?: number })[] = [];
  for (const [kind, format] of [
    ["ping", "address"],
    ["tcp", "socket"],
  ] as const) {
    for (const [pointer, text] of texts(spec[kind], join(origin, kind))) {
      const reason = wordReason(format, text);
      if (reason) wrong(pointer, reason.code, reason.message, reason.suggestion);
      else if (kind === "ping") tests.push({ ping: parseAddress(text)!.address });
      else tests.push({ tcp: tcpOf(text) });
    }
  }
  const seen = seenAs(context, origin, spec, tests);
  const froms = texts(spec.from, join(origin, "from")).filter(([pointer, place]) => {
    if (context.sites.has(place)) return true;
    wrong(pointer, "unknown-namespace", `There is no namespace "${place}".`, didYouMean(place, context.sites.keys()));
    return false;
  });
  return froms.flatMap(([, from]) =>
    tests.map((test) => ({
      origin,
      from,
      test,
      ...(listen ? { listen: { place: listen.place, port: listen.port ?? ("tcp" in test ? test.tcp.port : 0) } } : {}),
      ...(seen === undefined ? {} : { seenAs: seen }),
      expect: spec.expect ?? "ok",
      within: spec.within ?? WITHIN_SECONDS,
    })),
  );
}

function tcpOf(text: string): { address: string; port: number } {
  const { address, port } = socketOf(text);
  return { address: address.address, port: port! };
}

type Wrong = (pointer: Pointer, code: string, message: string, suggestion?: string, at?: "key" | "value") => void;

function checkWords(spec: T.Check, origin: Pointer, wrong: Wrong): void {
  const key = (name: string, message: string) => wrong(join(origin, name), "contradiction", message, undefined, "key");
  if (spec.listen !== undefined && spec.tcp === undefined) key("listen", '"listen" is for checks of "tcp".');
  if (spec.seen_as !== undefined && spec.listen === undefined)
    key("seen_as", '"seen_as" needs "listen": the listener is who sees.');
  if (spec.expect === "refused" && spec.tcp === undefined) key("expect", 'Only "tcp" can be refused.');
  if (spec.seen_as !== undefined && spec.expect !== undefined && spec.expect !== "ok") {
    key("seen_as", `A check that expects "${spec.expect}" has nothing to see.`);
  }
}

function listenerOf(
  context: Context,
  pointer: Pointer,
  text: string | undefined,
): { place: string; port?: number } | undefined {
  if (text === undefined) return undefined;
  const reason = wordReason("listener", text);
  if (reason) context.report({ pointer, ...reason });
  const [place = "", port] = text.split(":");
  if (reason) return undefined;
  if (!context.sites.has(place)) {
    const suggestion = didYouMean(place, context.sites.keys());
    context.report({
      pointer,
      code: "unknown-namespace",
      message: `There is no namespace "${place}" to listen in.`,
      suggestion,
    });
    return undefined;
  }
  return port === undefined ? { place } : { place, port: Number(port) };
}

function seenAs(context: Context, origin: Pointer, spec: T.Check, tests: Check["test"][]): string | undefined {
  if (spec.seen_as === undefined || (spec.seen_as as unknown) === HOLE) return undefined;
  const pointer = join(origin, "seen_as");
  const reason = wordReason("address", spec.seen_as);
  if (reason) {
    context.report({ pointer, ...reason });
    return undefined;
  }
  const seen = parseAddress(spec.seen_as)!;
  const other = tests.find((test) => "tcp" in test && test.tcp.address.includes(":") !== (seen.family === 6));
  if (other)
    context.report({
      pointer,
      code: "mixed-families",
      message: `A connection of the other family cannot be seen as ${seen.address}.`,
    });
  return seen.address;
}
