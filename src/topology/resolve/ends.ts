// The ends of links: where each is plugged in, and the names of ports that nobody named.
import { HOST, type Place, type Pointer } from "../lab.js";
import { nameReason } from "../names.js";
import { join } from "../pointer.js";
import type { Problem } from "../problem.js";
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
type Plug = Pick<EndDraft, "place" | "name" | "bridge">;

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
    const trouble = troubleOf(a, b);
    if (trouble) context.report({ pointer: join(pointer, "endpoints"), ...trouble });
    else cables.push({ pointer, ends: [a, b] });
  }
  namePorts(context, cables, bridges);
  return cables as CableDraft[];
}

/** Why there can be no cable between two ends that are each right. */
function troubleOf(a: EndDraft, b: EndDraft): Omit<Problem, "pointer"> | undefined {
  if (a.name !== undefined && a.place === b.place && a.name === b.name)
    return { code: "end-used-twice", message: `Both ends of this link are "${a.name}" ${inPlace(a.place)}.` };
  if (a.name === undefined && b.name === undefined) {
    const message = `Both ends of this link are bridges ("${a.text}" and "${b.text}"): its ports must be named.`;
    return { code: "unnamed-ports", message, suggestion: `write ${a.text}:PORT and ${b.text}:PORT` };
  }
  if (a.bridge && a.bridge === b.bridge)
    return { code: "loop", message: `Both ends of this link are in the bridge "${a.bridge.name}": that is a loop.` };
  return undefined;
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
  const plug = plugOf(context, bridges, text);
  if ("place" in plug) return { pointer, text, spec, mtu, ...plug };
  context.report({ pointer: typeof endpoint === "string" ? pointer : join(pointer, "end"), ...plug });
  return undefined;
}

/** Where `[NAMESPACE/]FIRST[:NAME]` is plugged in, or why nowhere. */
function plugOf(context: Context, bridges: Bridges, text: string): Plug | Omit<Problem, "pointer"> {
  const { inside, first, name } = /^(?:(?<inside>[^/:]+)\/)?(?<first>[^/:]+)(?::(?<name>[^/:]+))?$/.exec(text)!.groups!;
  const reason = name === undefined ? undefined : nameReason("interface-name", name);
  if (reason) return reason;
  if (name === "lo") return { code: "lo-as-an-end", message: "lo is the loopback interface: no link ends there." };
  const named = name === undefined ? {} : { name };
  if (inside !== undefined) {
    const bridge = bridges.get(keyOf(inside, first!));
    return bridge ? { place: inside, bridge, ...named } : noSuchBridge(context, bridges, text, inside, first!);
  }
  if (name !== undefined && context.sites.has(first!)) {
    if (!bridges.has(keyOf(first!, name))) return { place: first!, name };
    const message = `"${name}" ${inPlace(first!)} is a bridge: "${text}" would be the bridge itself.`;
    return { code: "end-is-bridge", message, suggestion: `write ${first === HOST ? "" : `${first}/`}${name}` };
  }
  const bridge = bridges.get(keyOf(HOST, first!));
  return bridge ? { place: HOST, bridge, ...named } : nowhere(context, bridges, text, first!, name);
}

function noSuchBridge(context: Context, bridges: Bridges, text: string, inside: string, name: string) {
  if (!context.sites.has(inside)) {
    const suggestion = meant(text, inside, context.sites.keys());
    return { code: "unknown-namespace", message: `There is no namespace "${inside}".`, suggestion };
  }
  const suggestion = meant(text, name, bridgeNames(bridges, inside));
  return { code: "unknown-bridge", message: `There is no bridge "${name}" ${inPlace(inside)}.`, suggestion };
}

function nowhere(context: Context, bridges: Bridges, text: string, first: string, name: string | undefined) {
  if (context.sites.has(first)) {
    const message = `The link's end "${text}" names a namespace but no interface in it.`;
    return { code: "missing-interface", message, suggestion: `write ${text}:eth0` };
  }
  const elsewhere = [...bridges.values()].find((one) => one.name === first);
  if (elsewhere) {
    const message = `The bridge "${first}" is not on the host but ${inPlace(elsewhere.place)}.`;
    return { code: "unknown-bridge", message, suggestion: `write ${elsewhere.place}/${text}` };
  }
  const names = bridgeNames(bridges, HOST);
  if (name === undefined) {
    const message = `The link's end "${text}" is neither a namespace's interface nor a bridge.`;
    return { code: "unknown-bridge", message, suggestion: pointed(context, text) ?? meant(text, first, names) };
  }
  const message = `The link's end "${text}" is in no namespace or bridge of this file.`;
  return { code: "unknown-namespace", message, suggestion: meant(text, first, [...context.sites.keys(), ...names]) };
}

/** `text` with a word of it as it may have been meant. */
function meant(text: string, word: string, words: Iterable<string>): string | undefined {
  const near = nearest(word, words);
  return near === undefined ? undefined : `did you mean "${text.replace(word, near)}"?`;
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
