// Files that ip-netns(8) lays over those of /etc for what runs in a namespace: /etc/netns/NAME/resolv.conf, hosts.
import { asked, type Command, type Owner, owned, type Resource } from "../core/resource.js";
import { HOST, type Place } from "../topology/lab.js";
import type { Kind } from "./kind.js";
import * as slot from "./slots.js";

/** The first line of each, and its mark. */
const markOf = (lab: string) => `# netlab:${lab}\n`;
const MARK = /^# netlab:([a-z0-9-]{1,31})\n/;

const resource = (place: Place, name: string, text: string): Resource => ({
  id: `etc-file:${place}/${name}`,
  kind: "etc-file",
  place,
  fields: { text },
  at: { name },
});

export const etcFile: Kind = {
  name: "etc-file",
  about: "A file of /etc/netns/NAMESPACE, which `ip netns exec` lays over that of /etc.",
  fields: { text: { about: "what is in it", way: "update", traffic: "none" } },

  expand: (lab) =>
    lab.namespaces.flatMap(({ name: place, files }) =>
      files.map(({ name, text, origin }) => asked(resource(place, name, `${markOf(lab.name)}${text}`), origin)),
    ),

  sources: () => [{ rows: "etc-file" }],
  // A DHCP client of the lab's writes what it has learnt below a line of its own; that is no difference.
  read: (rows, { lab }) =>
    rows.etcFile.map(({ place, name, text }) =>
      owned(resource(place, name, text.replace(LEARNT, "")), ownerOf(text, lab)),
    ),

  claims: (r) => [slot.file(r.place, r.at.name as string)],
  provides: (r) => [slot.files(r.place)],

  create: (r) => [write(r)],
  update: (_, to) => [write(to)],
  remove: (r) => [{ tool: "sh", place: HOST, args: ["-c", REMOVE, "netlab-remove", pathOf(r)] }],
};

/** What the DHCP client adds: see dhcp-client.ts. */
const LEARNT = /^# learnt by DHCP\n[\s\S]*/m;

/** FILE; the text comes from standard input. Written in place: what runs in the namespace has this very file before it. */
export const WRITE = `mkdir -p "\${1%/*}" && cat >"$1"`;
/** FILE, and the folders that are empty then. */
export const REMOVE = `rm -f "$1"
rmdir "\${1%/*}" /etc/netns 2>/dev/null
:`;

const pathOf = (r: Resource) => `/etc/netns/${r.place}/${r.at.name}`;

const write = (r: Resource): Command => ({
  tool: "sh",
  place: HOST,
  args: ["-c", WRITE, "netlab-write", pathOf(r)],
  stdin: r.fields.text as string,
});

function ownerOf(text: string, lab: string): Owner {
  const marked = MARK.exec(text)?.[1];
  if (marked === undefined) return "none";
  return marked === lab ? "lab" : { lab: marked };
}

/** Without the mark. */
export const textOf = (r: Resource): string => (r.fields.text as string).replace(MARK, "");
