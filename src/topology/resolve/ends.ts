// The ends of links: where each is plugged in, and the names of ports that nobody named.
import { HOST, type Place, type Pointer } from "../lab.js";
import { nameReason } from "../names.js";
import { join } from "../pointer.js";
import { items } from "../prune.js";
import { nearest } from "../suggest.js";
import type * as T from "../types.gen.js";
import { type BridgeDraft, keyOf } from "./bridges.js";
import { namePorts } from "./port-names.js";
import { type Context, inPlace } from "./site.js";

export interface EndDraft {
  /** Of the endpoint: a text, or a map with `end`. */
  pointer: Pointer;
  text: string;
  place: Place;
  /** Absent where the port of a bridge is still to be named. */
  name?: string;
  bridge?: BridgeDraft;
  spec: Partial<Exclude<T.Endpoint, string>>;
  mtu?: number;
}

export interface CableDraft {
  pointer: Pointer;
  ends: [EndDraft & { name: string }, EndDraft & { name: string }];
}

type Bridges = Map<string, BridgeDraft>;

/** Every link whose ends are both somewhere. */
export function cablesOf(context: Context, bridges: Bridges): CableDraft[] {
  const cables: { pointer: Pointer; ends: EndDraft[] }[] = [];
  for (const [index, link] of items(context.topology.links)) {
    const pointer = join("/links", index);
    const ends = items(link.endpoints).map(([side, endpoint]) =>
      endOf(context, bridges, join(pointer, "endpoints", side), endpoint, link.mtu),
    );
    if (ends.length !== 2 || ends.some((end) => end === undefined)) {
      for (const place of placesOf(context, link)) context.loose.add(place);
      continue;
    }
    const [a, b] = ends as [EndDraft, EndDraft];
    if (a.name !== undefined && a.place === b.place && a.name === b.name) {
      const message = `Both ends of this link are "${a.name}" ${inPlace(a.place)}.`;
      context.report({ pointer: join(pointer, "endpoints"), code: "end-used-twice", message });
      continue;
    }
    if (a.name === undefined && b.name === undefined) {
      const message = `Both ends of this link are bridges ("${a.text}" and "${b.text}"): its ports must be named.`;
      const suggestion = `write ${a.text}:PORT and ${b.text}:PORT`;
      context.report({ pointer: join(pointer, "endpoints"), code: "unnamed-ports", message, suggestion });
      continue;
    }
    if (a.bridge && a.bridge === b.bridge) {
      const message = `Both ends of this link are in the bridge "${a.bridge.name}": that is a loop.`;
      context.report({ pointer: join(pointer, "endpoints"), code: "loop", message });
      continue;
    }
    cables.push({ pointer, ends: [a, b] });
  }
  namePorts(context, cables, bridges);
  return cables as CableDraft[];
}

function endOf(
  context: Context,
  bridges: Bridges,
  pointer: Pointer,
  endpoint: T.Endpoint,
  mtu?: number,
): EndDraft | undefined {
  const spec = typeof endpoint === "string" ? {} : endpoint;
  const text = typeof endpoint === "string" ? endpoint : endpoint.end;
  if (text === undefined) return undefined;
  const at = typeof endpoint === "string" ? pointer : join(pointer, "end");
  const fail = (code: string, message: string, suggestion?: string): undefined => {
    context.report({ pointer: at, code, message, suggestion });
  };
  const { inside, first, name } = /^(?:(?<inside>[^/:]+)\/)?(?<first>[^/:]+)(?::(?<name>[^/:]+))?$/.exec(text)!.groups!;
  const reason = name === undefined ? undefined : nameReason("interface-name", name);
  if (reason) return fail(reason.code, reason.message, reason.suggestion);
  if (name === "lo") return fail("lo-as-an-end", "lo is the loopback interface: no link ends there.");
  const known = (word: string, words: Iterable<string>): string | undefined => {
    const near = nearest(word, words);
    return near === undefined ? undefined : `did you mean "${text.replace(word, near)}"?`;
  };
  const end = { pointer, text, spec, mtu, ...(name === undefined ? {} : { name }) };
  if (inside !== undefined) {
    if (!context.sites.has(inside))
      return fail("unknown-namespace", `There is no namespace "${inside}".`, known(inside, context.sites.keys()));
    const bridge = bridges.get(keyOf(inside, first!));
    if (bridge) return { ...end, place: inside, bridge };
    const names = bridgeNames(bridges, inside);
    return fail("unknown-bridge", `There is no bridge "${first}" ${inPlace(inside)}.`, known(first!, names));
  }
  if (name !== undefined && context.sites.has(first!)) {
    if (!bridges.has(keyOf(first!, name))) return { ...end, place: first! };
    const suggestion = first === HOST ? `write ${name}` : `write ${first}/${name}`;
    return fail(
      "end-is-bridge",
      `"${name}" ${inPlace(first!)} is a bridge: "${text}" would be the bridge itself.`,
      suggestion,
    );
  }
  const bridge = bridges.get(keyOf(HOST, first!));
  if (bridge) return { ...end, place: HOST, bridge };
  if (context.sites.has(first!)) {
    return fail(
      "missing-interface",
      `The link's end "${text}" names a namespace but no interface in it.`,
      `write ${text}:eth0`,
    );
  }
  const elsewhere = [...bridges.values()].find((one) => one.name === first);
  if (elsewhere) {
    const message = `The bridge "${first}" is not on the host but ${inPlace(elsewhere.place)}.`;
    return fail("unknown-bridge", message, `write ${elsewhere.place}/${text}`);
  }
  const names = bridgeNames(bridges, HOST);
  if (name === undefined) {
    const message = `The link's end "${text}" is neither a namespace's interface nor a bridge.`;
    return fail("unknown-bridge", message, pointed(context, text) ?? known(first!, names));
  }
  const message = `The link's end "${text}" is in no namespace or bridge of this file.`;
  return fail("unknown-namespace", message, known(first!, [...context.sites.keys(), ...names]));
}

/** `red.eth0` or `red-eth0` where `red:eth0` is meant. */
function pointed({ sites }: Context, text: string): string | undefined {
  const cuts = [...text.matchAll(/[.,;@-]/g)].map(({ index }) => index);
  const at = cuts.find((cut) => sites.has(text.slice(0, cut)) && cut < text.length - 1);
  return at === undefined ? undefined : `did you mean "${text.slice(0, at)}:${text.slice(at + 1)}"?`;
}

/** Places in which a link that could not be made out may have been meant to end. */
function placesOf(context: Context, link: T.Link): Iterable<Place> {
  const { sites } = context;
  const places: Place[] = [];
  for (const [, endpoint] of items(link.endpoints)) {
    const [, first = "", rest] = /^([^:/]*)(.*)$/s.exec(
      (typeof endpoint === "string" ? endpoint : endpoint.end) ?? "",
    )!;
    if (!sites.has(first) && (rest !== "" || pointed(context, first))) return sites.keys();
    places.push(rest === "" ? HOST : first);
  }
  return places.length === 2 ? places : sites.keys();
}

const bridgeNames = (bridges: Bridges, place: Place): string[] =>
  [...bridges.values()].filter((bridge) => bridge.place === place).map((bridge) => bridge.name);
