// Which nftables tables there are, over nfnetlink: include/uapi/linux/netfilter/nfnetlink.h and nf_tables.h.
import { ask, attribute, dump, dumpRequest, request } from "./netlink-message.js";
import type { System } from "./netlink-system.js";

export const NETLINK_NETFILTER = 12;
/** NFNL_SUBSYS_NFTABLES, NFT_MSG_GETTABLE, NFPROTO_UNSPEC, NFPROTO_INET, NFTA_TABLE_NAME */
const [GET_TABLE, ANY, INET, TABLE_NAME] = [(10 << 8) | 1, 0, 1, 1];
const ENOENT = 2;

const head = (family: number): Buffer => Buffer.from([family, 0, 0, 0]);

/**
 * False only where the kernel says that there is no such table of the family inet.
 * @param fd a netfilter socket of the namespace
 */
export function hasTable(system: System, fd: number, table: string): boolean {
  const name = attribute(TABLE_NAME, Buffer.from(`${table}\0`));
  return ask(system, fd, request(GET_TABLE, Buffer.concat([head(INET), name]))).error !== ENOENT;
}

/** False only where the kernel says that the host has no table at all, of any family. */
export function hasRuleset(system: System): boolean {
  let fd: number | undefined;
  let found = false;
  try {
    fd = system.socket(NETLINK_NETFILTER);
    return (
      !dump(system, fd, dumpRequest(GET_TABLE, head(ANY)), () => {
        found = true;
      }) || found
    );
  } catch {
    return true;
  } finally {
    if (fd !== undefined) system.close(fd);
  }
}
