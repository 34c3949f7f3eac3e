// Addresses in bytes as the tools write them: inet_ntop(3), and ll_addr_n2a of iproute2 for link-layer ones.

const AF_INET = 2;

export function inetText(bytes: Buffer): string {
  return bytes.length === 4 ? inet4Text(bytes, 0) : inet6Text(bytes);
}

const inet4Text = (bytes: Buffer, at: number): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;

/** The first longest run of two zero groups or more is left out, RFC 5952; the C library writes embedded IPv4 with dots. */
function inet6Text(bytes: Buffer): string {
  let [gap, most] = [-1, 1];
  for (let at = 0; at < 16; at += 2) {
    const from = at;
    while (at < 16 && bytes[at] === 0 && bytes[at + 1] === 0) at += 2;
    if ((at - from) / 2 > most) [gap, most] = [from, (at - from) / 2];
  }
  const after = gap + 2 * most;
  if (gap < 0) return groups(bytes, 0, 16);
  if (gap > 0 || most < 5 || most > 6) return `${groups(bytes, 0, gap)}::${groups(bytes, after, 16)}`;
  if (most === 5 && bytes.readUInt16BE(10) !== 0xffff) return `::${groups(bytes, after, 16)}`;
  return `::${most === 5 ? "ffff:" : ""}${inet4Text(bytes, 12)}`;
}

function groups(bytes: Buffer, from: number, to: number): string {
  let text = "";
  for (let at = from; at < to; at += 2) text += (at > from ? ":" : "") + bytes.readUInt16BE(at).toString(16);
  return text;
}

/** ARPHRD_TUNNEL, SIT, IPGRE and TUNNEL6, IP6GRE: their devices have IP addresses for link-layer ones. */
const IP_ADDRESSED = new Set([768, 776, 778, 769, 823]);

export function linkLayerText(bytes: Buffer, hardware: number): string {
  if (IP_ADDRESSED.has(hardware) && (bytes.length === 4 || bytes.length === 16)) return inetText(bytes);
  let text = "";
  for (const byte of bytes) text += `${text && ":"}${byte < 16 ? "0" : ""}${byte.toString(16)}`;
  return text;
}

export const familyName = (family: number): string => (family === AF_INET ? "inet" : "inet6");
