// Interfaces of the host that a bridge cannot have, or that somebody else looks after; and changes that may cut a connection.
import { isAsWanted } from "../core/diff.js";
import type { Conflict, Warning } from "../core/plan.js";
import { ofKind, type Resource, type State } from "../core/resource.js";
import { HOST } from "../topology/lab.js";
import type { Reading } from "./kind.js";
import type { Rows, UplinkRow } from "./rows.js";
import { obstacle } from "./uplink-words.js";

const nameOf = (r: Resource) => r.at.name as string;
const takeovers = (state: State) => ofKind(state, "takeover");

/** What keeps wanted interfaces from being taken; those that a lab has taken already are past that. */
export function refusals(rows: Rows, { desired }: Reading): Conflict[] {
  return takeovers(desired).flatMap((r) => {
    if (isTaken(nameOf(r), rows)) return [];
    const found = refusal(nameOf(r), (r.fields.bridge ?? r.fields.namespace) as string, rows);
    return found ? [{ id: r.id, holder: r.id, ...found, ...(r.origin !== undefined && { origin: r.origin }) }] : [];
  });
}

/** By a lab, and still there. */
function isTaken(name: string, { journal, link }: Rows): boolean {
  const taken = journal.uplinks[name];
  const places = taken ? [HOST, ...(taken.namespace ? [taken.namespace] : [])] : [];
  return places.some((place) => link[place]?.some((one) => one.name === name));
}

type Words = Pick<Conflict, "message" | "hint">;

function refusal(name: string, bridge: string, rows: Rows): Words | undefined {
  const link = (rows.link[HOST] ?? []).find((one) => one.name === name);
  const row = rows.uplinks?.[name];
  const no = (message: string, hint: string): Words => ({ message, hint });
  if (!link || !row)
    return no(
      `Nothing in the file makes the interface ${name} for ${bridge}, and the host has no interface of that name.`,
      "Look at the names: ip link; or add a link that ends there.",
    );
  if (link.loopback) return no(`${name} is the loopback interface: it cannot be taken.`, "Take it out.");
  if (link.kind === "bridge" || link.kind === "openvswitch")
    return no(`${name} is a bridge itself: it cannot be taken.`, "Connect the two with a link.");
  const holder = rows.ovs?.bridges.find(({ ports }) => ports.includes(name))?.name ?? link.master;
  if (holder)
    return no(
      `${name} is in ${holder} already: it can be in one place only.`,
      `Take it out (ip link set dev ${name} nomaster, or ovs-vsctl del-port ${name}), or use another interface.`,
    );
  if (row.wireless)
    return no(
      `${name} is wireless: an access point takes frames only from the station itself, and the interface moves only with its radio.`,
      `Route and masquerade instead: host.nat.masquerade with out: ${name}.`,
    );
  if (row.manager === "NetworkManager")
    return no(
      `NetworkManager manages ${name}, and would take its addresses back.`,
      `Let it go first: nmcli device set ${name} managed no (its addresses stay).`,
    );
  if (/[\s'"\\#]/.test(row.alias))
    return no(
      `${name} has the alias ${JSON.stringify(row.alias)}, which netlab could not bring back.`,
      `Take it off: ip link set dev ${name} alias "".`,
    );
  const odd = row.routes.map(obstacle).find((one) => one !== undefined);
  if (odd) return no(`${odd}, which netlab could not bring back.`, "Remove that route, or use another interface.");
  return undefined;
}

/** What a person should know before an interface changes hands. */
export function cutsConnection(desired: State, live: State, rows?: Rows): Warning[] {
  const left = takeovers(live).filter(({ id }) => !(id in desired));
  return [...takeovers(desired), ...left].flatMap((r): Warning[] => {
    const [to, from] = [desired[r.id], live[r.id]];
    const was = from?.owner === "lab" ? from : undefined;
    const same = holder(was) === holder(to);
    if (same && (!to || was?.fields.moved === to.fields.moved) && !isRemade(holder(to), desired, live)) return [];
    const origin = r.origin === undefined ? {} : { origin: r.origin };
    const things = r.at.things as unknown as UplinkRow | null;
    const row = rows?.uplinks?.[nameOf(r)];
    const places = [things, row, rows?.uplinks?.[holder(was) ?? ""]];
    return [
      ...(things ? risks(nameOf(r), places, origin) : []),
      ...(to && !same ? advice(to, row, desired, origin) : []),
    ];
  });
}

const holder = (one: Resource | undefined) => (one?.fields.bridge ?? one?.fields.namespace) as string | undefined;

/** What it has got moves with the bridge: is that made, deleted, or changed in what it is reached by? */
function isRemade(bridge: string | undefined, desired: State, live: State): boolean {
  const parts = [`bridge:${HOST}/${bridge}`, `ovs-bridge:${bridge}`, `interface:${HOST}/${bridge}`];
  const isPart = ({ id }: Resource) => parts.includes(id) || id.startsWith(`address:${HOST}/${bridge}/`);
  const wanted = Object.values(desired).filter(isPart);
  const gone = Object.values(live).filter((r) => isPart(r) && r.owner === "lab" && !(r.id in desired));
  return gone.length > 0 || wanted.some((r) => !live[r.id] || !isAsWanted(live[r.id]!, r));
}

/** @param places the interface before and now, and the bridge that has its addresses meanwhile */
function risks(name: string, places: (UplinkRow | null | undefined)[], origin: { origin?: string }): Warning[] {
  const isDefault = places.some((one) => one?.routes.some(({ dst }) => dst === "default"));
  const isSession = places.some((one) => one?.session);
  if (!isDefault && !isSession) return [];
  const why = isSession ? "this SSH session comes through it" : "the default route goes over it";
  const message = `The interface ${name} changes hands, and ${why}: if it goes wrong, the machine cannot be reached.`;
  return [{ code: "may-cut-connection", message, risk: true, ...origin }];
}

const dhcpInstead = ({ at, fields }: Resource): string =>
  at.client || !fields.bridge ? "" : ` With "addresses: [dhcp]" the bridge asks instead.`;

/** Ending a client of every interface would take the lease of others, too. */
const wayOut = (client: string, to: Resource): string =>
  !client.includes("every interface")
    ? "end it before, and start it again when the lab is gone."
    : client.startsWith("dhcpcd")
      ? `have "denyinterfaces ${[nameOf(to), to.fields.bridge ?? []].flat().join(" ")}" in /etc/dhcpcd.conf before, and dhcpcd reread it (dhcpcd -n).`
      : "start it with the names of the other interfaces instead.";

function advice(to: Resource, row: UplinkRow | undefined, desired: State, origin: { origin?: string }): Warning[] {
  const bridge = to.fields.bridge as string;
  const stp = desired[`bridge:${HOST}/${bridge}`]?.fields.stp === true;
  return [
    ...(row?.qdisc && !bridge
      ? [
          {
            code: "qdisc-lost",
            message: `${nameOf(to)} has the queueing discipline ${row.qdisc}, which it loses in a namespace: netlab does not bring it back (tc qdisc show dev ${nameOf(to)}).`,
            ...origin,
          },
        ]
      : []),
    ...(stp
      ? [
          {
            code: "slow-bridge",
            message: `With stp the port ${nameOf(to)} of ${bridge} forwards nothing for half a minute: connections through it may not survive that.`,
            ...origin,
          },
        ]
      : []),
    ...(row?.client
      ? [
          {
            code: "managed-interface",
            message: `${row.client} asks by DHCP for ${nameOf(to)}, and puts the address back on it when it renews: ${wayOut(row.client, to)}${dhcpInstead(to)}`,
            ...origin,
          },
        ]
      : []),
    ...(row?.manager
      ? [
          {
            code: "managed-interface",
            message: `${row.manager} sets ${nameOf(to)} up, and may put its addresses back on it: netlab plan shows that. To keep it off: Unmanaged=yes in [Link] of its .network file.`,
            ...origin,
          },
        ]
      : []),
  ];
}
