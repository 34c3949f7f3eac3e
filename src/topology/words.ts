// What is wrong with one text of the topology, by the `format` that the schema gives it.
import { cidrText, networkOf, parseAddress, parseCidr } from "./inet.js";
import { nameReason } from "./names.js";
import type { Reason } from "./problem.js";

const FORMATS: Record<string, (text: string) => Reason | undefined> = {
  address: addressReason,
  cidr: cidrReason,
  subnet: subnetReason,
  destination: (text) =>
    text === "default" ? undefined : text.includes("/") ? subnetReason(text) : addressReason(text),
  mac: macReason,
  endpoint: endpointReason,
  socket: socketReason,
  target: (text) => (/^\[.*\]:\d+$|^[^:]*:\d*$/.test(text) ? socketReason(text) : addressReason(text)),
  listener: listenerReason,
  place: placeReason,
  "sysctl-key": sysctlReason,
  folder: folderReason,
  range: rangeReason,
  lease: (text) => (text.includes(":") ? macReason(text) : nameReason("namespace-name", text)),
};

/** What is wrong with `text` as a `format` of the schema; undefined where nothing is. */
export function wordReason(format: string, text: string): Reason | undefined {
  return FORMATS[format]?.(text) ?? nameReason(format, text);
}

function addressReason(text: string): Reason | undefined {
  if (parseAddress(text)) return undefined;
  const parsed = parseCidr(text);
  if (parsed) {
    return {
      code: "bad-address",
      message: `"${text}" has a prefix length; an address alone is meant.`,
      suggestion: `write ${parsed.address}`,
    };
  }
  return { code: "bad-address", message: addressFault(text) };
}

function cidrReason(text: string): Reason | undefined {
  if (text === "dhcp" || parseCidr(text)) return undefined;
  if (text === "unmanaged") {
    return { code: "not-supported", message: `"${text}" as an address is not supported yet.` };
  }
  const parsed = parseAddress(text);
  if (parsed) {
    const suggestion = `write ${text}/${parsed.family === 4 ? 24 : 64}`;
    return { code: "missing-prefix", message: `The address "${text}" has no prefix length.`, suggestion };
  }
  return prefixReason(text);
}

function prefixReason(text: string): Reason {
  const [address = "", prefix = ""] = text.split("/");
  const parsed = parseAddress(address);
  if (!parsed) return { code: "bad-address", message: addressFault(address) };
  const mask = parsed.family === 4 ? parseAddress(prefix) : undefined;
  if (mask) {
    const bits = mask.value.toString(2).padStart(32, "0");
    const suggestion = /^1*0*$/.test(bits)
      ? `write ${address}/${bits.indexOf("0") < 0 ? 32 : bits.indexOf("0")}`
      : undefined;
    return { code: "bad-prefix", message: `"${text}" has a netmask; a prefix length is meant.`, suggestion };
  }
  const most = parsed.family === 4 ? 32 : 128;
  return { code: "bad-prefix", message: `The prefix length of "${text}" is not a number from 0 to ${most}.` };
}

function subnetReason(text: string): Reason | undefined {
  const parsed = parseCidr(text);
  if (!parsed) {
    const address = parseAddress(text);
    if (!address) return prefixReason(text);
    return {
      code: "missing-prefix",
      message: `The subnet "${text}" has no prefix length.`,
      suggestion: `write ${text}/${address.family === 4 ? 32 : 128}`,
    };
  }
  const network = networkOf(parsed);
  if (network.value === parsed.value) return undefined;
  const message = `"${text}" has bits set beyond its prefix length.`;
  return { code: "host-bits", message, suggestion: `did you mean ${cidrText(network)}?` };
}

function addressFault(text: string): string {
  if (text.includes("%")) return `"${text}" has a zone; write the interface as dev.`;
  const octets = text.split(".");
  if (octets.length === 4 && octets.every((octet) => /^\d+$/.test(octet))) {
    const large = octets.find((octet) => Number(octet) > 255);
    if (large !== undefined) return `"${text}" is no IPv4 address: ${large} is larger than 255.`;
    const padded = octets.find((octet) => /^0\d/.test(octet));
    if (padded !== undefined) return `"${text}" is ambiguous: ${padded} is octal to some tools and decimal to others.`;
  }
  return `"${text}" is neither an IPv4 nor an IPv6 address.`;
}

function macReason(text: string): Reason | undefined {
  if (!/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/.test(text)) {
    const digits = text.replace(/[:.-]/g, "").toLowerCase();
    const suggestion = /^[0-9a-f]{12}$/.test(digits) ? `write "${digits.match(/../g)!.join(":")}"` : undefined;
    return { code: "bad-mac", message: `"${text}" is not a MAC address of six octets.`, suggestion };
  }
  if (/^[0:]+$/.test(text)) return { code: "bad-mac", message: "A MAC address of all zeros cannot be used." };
  if (Number.parseInt(text.slice(0, 2), 16) & 1) {
    return { code: "bad-mac", message: `"${text}" is a multicast address: the lowest bit of its first octet is set.` };
  }
  return undefined;
}

function endpointReason(text: string): Reason | undefined {
  if (/^[^\s:/]+(\/[^\s:/]+)?(:[^\s:/]+)?$/.test(text)) return undefined;
  return {
    code: "bad-endpoint",
    message: `"${text}" is no end of a link: it is NAMESPACE:INTERFACE, host:INTERFACE, BRIDGE[:PORT] or NAMESPACE/BRIDGE[:PORT].`,
  };
}

function socketReason(text: string): Reason | undefined {
  const match = /^(?:\[(?<six>[^\]]*)\]|(?<four>[^:[\]]*)):(?<port>\d{1,9})$/.exec(text)?.groups;
  if (!match) {
    const parsed = parseAddress(text);
    const six = /^(.+:):?(\d{2,5})$/.exec(text);
    const split = six && (parseAddress(six[1]!) ?? parseAddress(six[1]!.slice(0, -1)));
    const example =
      split?.family === 6
        ? `[${split.address}]:${six![2]}`
        : parsed?.family === 6
          ? `[${text}]:80`
          : parsed && `${text}:80`;
    const message = parsed ? `"${text}" has no port.` : `"${text}" is not ADDRESS:PORT, nor [ADDRESS]:PORT for IPv6.`;
    return { code: "bad-socket", message, suggestion: example && `write "${example}"` };
  }
  const address = match.six ?? match.four!;
  const parsed = parseAddress(address);
  if (!parsed || parsed.family !== (match.six === undefined ? 4 : 6)) {
    return { code: "bad-address", message: addressFault(address) };
  }
  return portReason(match.port!);
}

function placeReason(text: string): Reason | undefined {
  const [place, name] = text.split(":");
  if (name === undefined || nameReason("place", place!)) return undefined;
  return {
    code: "bad-place",
    message: `"${text}" is an interface; what is meant is the whole namespace.`,
    suggestion: `write ${place}`,
  };
}

function listenerReason(text: string): Reason | undefined {
  const [place = "", port, more] = text.split(":");
  if (more !== undefined) return { code: "bad-place", message: `"${text}" is not NAMESPACE[:PORT].` };
  return nameReason("place", place) ?? (port === undefined ? undefined : portReason(port));
}

function portReason(port: string): Reason | undefined {
  if (/^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65535) return undefined;
  return { code: "bad-port", message: `"${port}" is not a port from 1 to 65535.` };
}

/** First and last address, of one family. */
function rangeReason(text: string): Reason | undefined {
  const [first, last] = text.split("-").map((word) => parseAddress(word));
  if (text.split("-").length === 2 && first && last && first.family === last.family && first.value <= last.value)
    return undefined;
  return { code: "bad-range", message: `"${text}" is not a range of addresses, FIRST-LAST.` };
}

function folderReason(text: string): Reason | undefined {
  if (/^\/[^\x00-\x1f\x7f]*$/.test(text)) return undefined;
  return { code: "bad-folder", message: `"${text}" is no absolute path of a folder.` };
}

function sysctlReason(key: string): Reason | undefined {
  if (/^net[./][A-Za-z0-9_./:+-]*[A-Za-z0-9_]$/.test(key)) return undefined;
  if (/^[a-z]+[./]/.test(key) && !/^net[./]/.test(key)) {
    return { code: "bad-sysctl", message: `"${key}" does not belong to a network namespace; only keys of net do.` };
  }
  return { code: "bad-sysctl", message: `"${key}" is not an exact key such as net.ipv4.conf.all.rp_filter.` };
}
