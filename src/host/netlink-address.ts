// Addresses in bytes as the tools write them: inet_ntop(3), and ll_addr_n2a of iproute2 for link-layer ones.

const AF_INET = 2;

export function inetText(bytes: Buffer): string {
  return bytes.length === 4 ? bytes.join(".") : inet6Text(bytes);
}

/** The first longest run of two zero groups or more is left out, RFC 5952; the C library writes embedded IPv4 with dots. */
function inet6Text(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2));
  let best = { at: -1, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (at + length < 8 && groups[at + length] === 0) length++;
    if (length > best.length) best = { at, length };
    at += length;
  }
  const dotted = best.at === 0 && (best.length === 6 || (best.length === 5 && groups[5] === 0xffff));
  const words = groups.map((group) => group.toString(16));
  if (dotted) words.splice(6, 2, bytes.subarray(12).join("."));
  if (best.at < 0) return words.join(":");
  return `${words.slice(0, best.at).join(":")}::${words.slice(best.at + best.length).join(":")}`;
}

/** ARPHRD_TUNNEL, SIT, IPGRE and TUNNEL6, IP6GRE: their devices have IP addresses for link-layer ones. */
const IP_ADDRESSED = new Set([768, 776, 778, 769, 823]);

export function linkLayerText(bytes: Buffer, hardware: number): string {
  if (IP_ADDRESSED.has(hardware) && (bytes.length === 4 || bytes.length === 16)) return inetText(bytes);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(":");
}

export const familyName = (family: number): string => (family === AF_INET ? "inet" : "inet6");
