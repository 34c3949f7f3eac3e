// Rules of NAT that shadow each other, or that nothing would ever reach.
import type { CrossCheck } from "./subject.js";

export const forwardTwice: CrossCheck = ({ lab }, report) => {
  for (const { nat } of [...lab.namespaces, lab.host]) {
    const seen = new Set<string>();
    for (const { family, address, protocol, port, origin } of nat?.forward ?? []) {
      const key = `${family} ${address} ${protocol} ${port}`;
      if (seen.has(key)) {
        const what =
          protocol === undefined
            ? `everything to ${address}`
            : `${protocol} port ${port}${address ? ` of ${address}` : ""}`;
        report({ pointer: origin, code: "duplicate-forward", message: `Another rule above forwards ${what} already.` });
      }
      seen.add(key);
    }
  }
};

/** In a namespace, forwarding is off where it is not asked for. */
export const natWithoutForwarding: CrossCheck = ({ lab }, report) => {
  for (const { name, nat, forwarding } of lab.namespaces) {
    for (const { origin, family } of [...(nat?.masquerade ?? []), ...(nat?.forward ?? [])]) {
      const on = family === undefined ? forwarding.ipv4 || forwarding.ipv6 : forwarding[`ipv${family}`];
      if (on) continue;
      const message = `"${name}" does not forward${family ? ` IPv${family}` : ""}: what comes from elsewhere never gets to this rule's target.`;
      report({
        pointer: origin,
        severity: "warning",
        code: "nat-without-forwarding",
        message,
        suggestion: "set forwarding: true",
      });
      break;
    }
  }
};
