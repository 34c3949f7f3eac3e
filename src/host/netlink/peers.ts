// Which number a namespace has for which other, by asking it for the device that one of its own names there: rtnetlink(7).
import { groupBy } from "../../core/group-by.js";
import { HOST, type Place } from "../../topology/lab.js";
import { netnsPath } from "../namespaces.js";
import type { ReadLink } from "../read/ip-links.js";
import type { Netnsids } from "../read/peers.js";
import { linkLayerText } from "./address.js";
import { Attributes, ask, attribute, request } from "./message.js";
import type { System } from "./system.js";

const [NETLINK_ROUTE, RTM_GETLINK] = [0, 18];
/** include/uapi/linux/if_link.h: the kernel answers for a device of the namespace with this number. */
const LINK = { address: 1, name: 3, targetNetnsid: 46 };
const inLink = new Attributes();

/** Numbers of the places given; a place is left out where names, indexes and MAC addresses leave something open. */
export function numbersOf(system: System, places: Place[], links: Record<Place, ReadLink[]>): Netnsids {
  const all = Object.entries(links).flatMap(([place, rows]) =>
    rows.map(({ index, name, mac }) => ({ place, key: `${index} ${name} ${mac}` })),
  );
  const holders = groupBy(all, ({ key }) => key);
  const found: Netnsids = {};
  for (const place of places) {
    const numbers = numbersIn(system, place, links[place] ?? [], holders);
    if (numbers) found[place] = numbers;
  }
  return found;
}

function numbersIn(
  system: System,
  place: Place,
  links: ReadLink[],
  holders: Map<string, { place: Place }[]>,
): Map<number, Place | undefined> | undefined {
  const numbers = new Map<number, Place | undefined>();
  let fd: number | undefined;
  try {
    const open = () => system.socket(NETLINK_ROUTE);
    const socket = place === HOST ? open() : system.inside(netnsPath(place), open);
    fd = socket;
    for (const { netnsid, linkIndex } of links) {
      if (netnsid === undefined || linkIndex === undefined || numbers.has(netnsid)) continue;
      const key = otherEnd(system, socket, netnsid, linkIndex);
      const [holder, second] = (key && holders.get(key)) || [];
      if (holder === undefined || second !== undefined) return undefined;
      numbers.set(netnsid, holder.place === HOST ? undefined : holder.place);
    }
    return numbers;
  } catch {
    return undefined;
  } finally {
    if (fd !== undefined) system.close(fd);
  }
}

/** `INDEX NAME MAC` of a device in the namespace with a number; undefined where it cannot be asked. */
function otherEnd(system: System, fd: number, netnsid: number, index: number): string | undefined {
  const head = Buffer.alloc(16);
  head.writeInt32LE(index, 4);
  const number = Buffer.alloc(4);
  number.writeInt32LE(netnsid);
  const { body } = ask(system, fd, request(RTM_GETLINK, Buffer.concat([head, attribute(LINK.targetNetnsid, number)])));
  if (!body) return undefined;
  const found = inLink.read(body, 16, body.length);
  const mac = found.value(LINK.address);
  return `${index} ${found.text(LINK.name)} ${mac ? linkLayerText(mac, body.readUInt16LE(2)) : ""}`;
}
