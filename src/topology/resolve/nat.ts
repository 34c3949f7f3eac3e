// Masquerading and port forwarding of one place.
import { cidrText, parseAddress, parseCidr } from "../inet.js";
import type { Forward, Interface, Masquerade, Nat, Pointer } from "../lab.js";
import { join } from "../pointer.js";
import { items } from "../prune.js";
import { didYouMean } from "../suggest.js";
import type * as T from "../types.gen.js";
import { wordReason } from "../words.js";
import { type Context, placeText, type Site } from "./site.js";
import { socketOf } from "./socket.js";

export function natOf(context: Context, site: Site, devices: Map<string, Interface>): Nat | undefined {
  const spec = site.spec.nat;
  if (!spec) return undefined;
  const origin = join(site.pointer, "nat");
  const masquerade: Masquerade[] = [];
  for (const [index, rule] of items(spec.masquerade)) {
    const made = masqueradeOf(context, site, devices, join(origin, "masquerade", index), rule);
    if (made) masquerade.push(made);
  }
  const forward: Forward[] = [];
  for (const [index, rule] of items(spec.forward)) {
    const made = forwardOf(context, join(origin, "forward", index), rule);
    if (made) forward.push(made);
  }
  return masquerade.length + forward.length > 0 ? { origin, masquerade, forward } : undefined;
}

function masqueradeOf(
  context: Context,
  site: Site,
  devices: Map<string, Interface>,
  origin: Pointer,
  rule: T.Masquerade,
): Masquerade | undefined {
  const { source, out } = rule;
  if (source === undefined && out === undefined) {
    if (!context.broken(origin)) {
      context.report({ pointer: origin, code: "missing-key", message: "A masquerade rule needs source, out or both." });
    }
    return undefined;
  }
  const reason = source === undefined ? undefined : wordReason("subnet", source);
  if (reason) context.report({ pointer: join(origin, "source"), ...reason });
  // The host has interfaces that the file does not name: its uplink above all.
  if (out !== undefined && !site.host && !devices.has(out) && !context.loose.has(site.place)) {
    const message = `${placeText(site.place)} has no interface "${out}".`;
    context.report({
      pointer: join(origin, "out"),
      code: "unknown-interface",
      message,
      suggestion: didYouMean(out, devices.keys()),
    });
  }
  const subnet = source === undefined || reason ? undefined : parseCidr(source);
  return {
    origin,
    ...(subnet ? { family: subnet.family, source: cidrText(subnet) } : {}),
    ...(out === undefined ? {} : { out }),
  };
}

function forwardOf(context: Context, origin: Pointer, rule: T.Forward): Forward | undefined {
  const before = { wrong: false };
  const wrong = (key: string, code: string, message: string, suggestion?: string, at: "key" | "value" = "value") => {
    before.wrong = true;
    context.report({ pointer: key ? join(origin, key) : origin, at, code, message, suggestion });
  };
  const texts = [
    ["to", rule.to, "target"],
    ["address", rule.address, "address"],
  ] as const;
  for (const [key, text, format] of texts) {
    const reason = text === undefined ? undefined : wordReason(format, text);
    if (reason) wrong(key, reason.code, reason.message, reason.suggestion);
  }
  const whole = !context.broken(origin);
  if (rule.protocol === undefined && rule.port !== undefined && whole)
    wrong("port", "port-without-protocol", '"port" needs a protocol.', "add protocol: tcp", "key");
  if (rule.protocol !== undefined && rule.port === undefined && whole)
    wrong("protocol", "protocol-without-port", '"protocol" needs a port.', "add port: NUMBER", "key");
  if (rule.protocol === undefined && rule.port === undefined && rule.address === undefined && whole) {
    wrong(
      "",
      "forward-everything",
      "Without address, protocol and port this would forward everything.",
      "add protocol and port, or address",
    );
  }
  if (before.wrong || rule.to === undefined) return undefined;
  const { address: to, port: toPort } = socketOf(rule.to);
  if (toPort !== undefined && rule.port === undefined) {
    if (whole) wrong("to", "port-without-protocol", `"${rule.to}" has a port, but the rule has no protocol and port.`);
    return undefined;
  }
  const address = rule.address === undefined ? undefined : parseAddress(rule.address)!;
  if (address && address.family !== to.family) {
    wrong("to", "mixed-families", `"${rule.to}" is IPv${to.family}, but "${rule.address}" is IPv${address.family}.`);
  }
  return {
    origin,
    family: to.family,
    ...(address ? { address: address.address } : {}),
    ...(rule.protocol === undefined ? {} : { protocol: rule.protocol }),
    ...(rule.port === undefined ? {} : { port: rule.port }),
    to: to.address,
    ...(toPort === undefined ? {} : { toPort }),
  };
}
