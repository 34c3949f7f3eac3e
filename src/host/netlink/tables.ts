// nftables tables over nfnetlink, as `nft -j list table` has them: include/uapi/linux/netfilter/nfnetlink.h and nf_tables.h.
import type { Json } from "../../core/resource.js";
import { ask, attribute, attributesOf, dump, dumpRequest, NetlinkError, request } from "./message.js";
import { plainText, ruleExpr } from "./rules.js";
import type { System } from "./system.js";

export const NETLINK_NETFILTER = 12;
/** NFNL_SUBSYS_NFTABLES with NFT_MSG_GETTABLE, NFT_MSG_GETCHAIN, NFT_MSG_GETRULE. */
const [GET_TABLE, GET_CHAIN, GET_RULE] = [(10 << 8) | 1, (10 << 8) | 4, (10 << 8) | 7];
const [NFPROTO_UNSPEC, NFPROTO_INET] = [0, 1];
const ENOENT = 2;
/** Attributes by number: NFTA_TABLE_NAME …, NFTA_CHAIN_TABLE …, NFTA_HOOK_HOOKNUM …, NFTA_RULE_TABLE … */
const TABLE = { name: 1, flags: 2, use: 3, handle: 4, pad: 5, userdata: 6 };
const CHAIN = { table: 1, handle: 2, name: 3, hook: 4, policy: 5, use: 6, type: 7, pad: 9, flags: 10 };
const HOOK = { number: 1, priority: 2 };
const RULE = { table: 1, chain: 2, handle: 3, expressions: 4, position: 6, userdata: 7, pad: 8 };
/** By NF_INET_PRE_ROUTING … */
const HOOKS = ["prerouting", "input", "forward", "output", "postrouting"];
/** By NF_DROP, NF_ACCEPT. */
const POLICIES = ["drop", "accept"];
const NFT_CHAIN_BASE = 1;
const NFTNL_UDATA_RULE_COMMENT = 0;
/** NFTNL_UDATA_TABLE_NFTVER, NFTNL_UDATA_TABLE_NFTBLD: newer nft says in every table which nft has made it. */
const MAKER = new Set([1, 2]);

/** nfgenmsg: family, version (NFNETLINK_V0), and the lower half of the number of the ruleset's generation. */
const HEAD = 4;
const head = (family: number): Buffer => Buffer.from([family, 0, 0, 0]);

/** There is something that netlab does not write: nft knows the words for it. */
class Unknown extends Error {}

/**
 * The objects of a table of the family inet; undefined where there is no such table, "unknown" where it holds something
 * that netlab does not write, or changes meanwhile, or the kernel refuses to tell.
 * @param fd a netfilter socket of the namespace
 */
export function readTable(system: System, fd: number, table: string): Json[] | "unknown" | undefined {
  try {
    return objectsOf(system, fd, table);
  } catch (error) {
    if (error instanceof Unknown || error instanceof NetlinkError) return "unknown";
    throw error;
  }
}

function objectsOf(system: System, fd: number, name: string): Json[] | undefined {
  const inTable = (type: number) => Buffer.concat([head(NFPROTO_INET), attribute(type, Buffer.from(`${name}\0`))]);
  const { body, error } = ask(system, fd, request(GET_TABLE, inTable(TABLE.name)));
  if (error === ENOENT) return undefined;
  if (!body) throw new Unknown();
  const generation = body.readUInt16BE(2);
  const table = known(attributesOf(Buffer.from(body.subarray(HEAD))), TABLE);
  const all = (type: number): Attribute[][] => {
    const bodies: Buffer[] = [];
    const whole = dump(system, fd, dumpRequest(type, inTable(CHAIN.table)), (bytes, from, to) => {
      bodies.push(Buffer.from(bytes.subarray(from, to)));
    });
    if (!whole || bodies.some((one) => one.readUInt16BE(2) !== generation)) throw new Unknown();
    return bodies.map((one) => attributesOf(one.subarray(HEAD))).filter((one) => tableOf(one) === name);
  };
  const chains = all(GET_CHAIN).map((one) => known(one, CHAIN));
  const rules = all(GET_RULE).map((one) => known(one, RULE));
  if (table.userdata && !userdataOf(table.userdata).every(([type]) => MAKER.has(type))) throw new Unknown();
  // Sets, objects and flow tables count, too, and so does a jump to a chain.
  if (number(table.flags) !== 0 || number(table.use) !== chains.length) throw new Unknown();
  const common = { family: "inet", table: name };
  return [
    { table: { family: "inet", name, handle: handle(table) } },
    ...chains.map((chain): Json => {
      const own = rules.filter((rule) => text(rule.chain) === text(chain.name));
      if (number(chain.use) !== own.length) throw new Unknown();
      return { chain: { ...common, ...chainJson(chain) } };
    }),
    ...rules.map((rule): Json => ({ rule: { ...common, ...ruleJson(rule) } })),
  ];
}

type Attribute = [type: number, value: Buffer];

/** NFTA_CHAIN_TABLE and NFTA_RULE_TABLE are one number. */
function tableOf(attributes: Attribute[]): string | undefined {
  const table = attributes.find(([type]) => type === CHAIN.table);
  return table && plainText(table[1]);
}

type Found<Names> = { [Name in keyof Names]?: Buffer };

/** @throws Unknown where there is an attribute beside these */
function known<Names extends Record<string, number>>(attributes: Attribute[], names: Names): Found<Names> {
  const found: Found<Names> = {};
  for (const [type, value] of attributes) {
    const name = Object.keys(names).find((one) => names[one] === type);
    if (name === undefined) throw new Unknown();
    found[name as keyof Names] = value;
  }
  return found;
}

function chainJson(chain: Found<typeof CHAIN>): { [key: string]: Json } {
  const hook = known(attributesOf(chain.hook ?? Buffer.alloc(0)), HOOK);
  const [name, policy] = [HOOKS[number(hook.number)], POLICIES[number(chain.policy)]];
  if (!hook.priority || !name || !policy || (chain.flags && number(chain.flags) !== NFT_CHAIN_BASE))
    throw new Unknown();
  const prio = hook.priority.readInt32BE();
  return { name: text(chain.name), handle: handle(chain), type: text(chain.type), hook: name, prio, policy };
}

function ruleJson({ userdata, ...rule }: Found<typeof RULE>): { [key: string]: Json } {
  const expr = rule.expressions && ruleExpr(rule.expressions);
  if (!expr) throw new Unknown();
  const comment = userdata && { comment: commentOf(userdata) };
  return { chain: text(rule.chain), handle: handle(rule), ...comment, expr };
}

function commentOf(userdata: Buffer): string {
  const [[type, value] = [], ...others] = userdataOf(userdata);
  if (type !== NFTNL_UDATA_RULE_COMMENT || others.length > 0) throw new Unknown();
  return text(value);
}

/** Type, length, value: include/udata.h of libnftnl. */
function userdataOf(bytes: Buffer): Attribute[] {
  const found: Attribute[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 2 + (bytes[at + 1] ?? bytes.length);
    if (end > bytes.length) throw new Unknown();
    found.push([bytes[at]!, bytes.subarray(at + 2, end)]);
    at = end;
  }
  return found;
}

function number(bytes: Buffer | undefined): number {
  if (bytes?.length !== 4) throw new Unknown();
  return bytes.readUInt32BE();
}

function handle({ handle }: { handle?: Buffer }): number {
  if (handle?.length !== 8) throw new Unknown();
  return Number(handle.readBigUInt64BE());
}

function text(bytes: Buffer | undefined): string {
  const found = bytes && plainText(bytes);
  if (found === undefined) throw new Unknown();
  return found;
}

/** False only where the kernel says that the host has no table at all, of any family. */
export function hasRuleset(system: System): boolean {
  let fd: number | undefined;
  let found = false;
  try {
    fd = system.socket(NETLINK_NETFILTER);
    return (
      !dump(system, fd, dumpRequest(GET_TABLE, head(NFPROTO_UNSPEC)), () => {
        found = true;
      }) || found
    );
  } catch {
    return true;
  } finally {
    if (fd !== undefined) system.close(fd);
  }
}
