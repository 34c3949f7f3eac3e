// Finds the interface that a gateway is reached by, as the kernel does: fib_check_nh() in net/ipv4/fib_semantics.c.
import { covers, type Inet, parseAddress, scopeOf } from "../inet.js";
import { type Family, HOST, type Interface, type Nexthop, type Pointer } from "../lab.js";
import { join } from "../pointer.js";
import { didYouMean } from "../suggest.js";
import type * as T from "../types.gen.js";
import { reaches } from "./addresses.js";
import { type Context, inPlace, placeText, type Site } from "./site.js";

export interface HopDraft {
  pointer: Pointer;
  spec: Pick<T.Route & T.Nexthop, "via" | "dev" | "onlink" | "weight">;
  family: Family;
}

interface LinkRoute {
  to: Inet;
  dev: string;
}

export class Gateways {
  private readonly context: Context;
  private readonly site: Site;
  private readonly devices: Map<string, Interface>;
  private readonly linkRoutes: LinkRoute[];
  /** Something of this place is wrong already: what is missing may be what was meant. */
  private readonly unsure: boolean;

  constructor(context: Context, site: Site, devices: Map<string, Interface>, routes: { to: Inet; hops: HopDraft[] }[]) {
    this.context = context;
    this.site = site;
    this.devices = devices;
    const parts = ["interfaces", "bridges", "routes"].map((key) => join(site.pointer, key));
    if (site.host) parts.push("/bridges");
    this.unsure = context.loose.has(site.place) || parts.some(context.broken);
    this.linkRoutes = routes.flatMap(({ to, hops }) =>
      hops.flatMap(({ spec }) => (spec.via === undefined && spec.dev !== undefined ? [{ to, dev: spec.dev }] : [])),
    );
  }

  /** The next hop with its interface; undefined, and reported, where there is none. */
  resolve({ pointer, spec, family }: HopDraft): Nexthop | undefined {
    const { onlink = false, weight = 1 } = spec;
    const dev = spec.dev === undefined ? undefined : this.device(join(pointer, "dev"), spec.dev);
    if (spec.dev !== undefined && dev === undefined) return undefined;
    if (onlink && (dev === undefined || spec.via === undefined)) {
      return this.wrong(join(pointer, "onlink"), "onlink", '"onlink" needs both "via" and "dev".', "key");
    }
    if (spec.via === undefined) {
      if (dev === undefined) {
        return this.context.broken(pointer)
          ? undefined
          : this.wrong(pointer, "route-to-nowhere", "This nexthop has neither via nor dev.");
      }
      return { dev, weight, onlink };
    }
    const gateway = parseAddress(spec.via)!;
    const at = join(pointer, "via");
    if (this.isOwn(gateway, family)) {
      return this.wrong(
        at,
        "own-gateway",
        `The gateway ${gateway.address} is an address of ${placeText(this.site.place)} itself.`,
      );
    }
    const found = onlink ? dev : this.reach(at, gateway, dev);
    return found === undefined ? undefined : { via: gateway.address, dev: found, weight, onlink };
  }

  private device(pointer: Pointer, name: string): string | undefined {
    const device = this.devices.get(name);
    const { context, site } = this;
    if (device === undefined) {
      if (this.unsure) return undefined;
      const message =
        site.place === HOST
          ? `The lab makes no interface "${name}" on the host; routes over the host's own interfaces are not supported yet.`
          : `${placeText(site.place)} has no interface "${name}".`;
      context.report({
        pointer,
        code: "unknown-interface",
        message,
        suggestion: didYouMean(name, this.devices.keys()),
      });
      return undefined;
    }
    if (!device.up)
      return this.wrong(
        pointer,
        "route-over-down",
        `The interface "${name}" is not up: the kernel takes no route over it.`,
      );
    return name;
  }

  private isOwn(gateway: Inet, family: Family): boolean {
    for (const { addresses } of this.devices.values()) {
      if (addresses.some((own) => own.family === family && own.address === gateway.address)) return true;
    }
    return false;
  }

  private reach(at: Pointer, gateway: Inet, dev: string | undefined): string | undefined {
    if (gateway.family === 6 && scopeOf(gateway) === "link-local") {
      return (
        dev ??
        this.wrong(
          at,
          "gateway-needs-dev",
          `The gateway ${gateway.address} is link-local: it needs a dev.`,
          "value",
          "add dev: INTERFACE",
        )
      );
    }
    let best: { dev: string; prefix: number } | undefined;
    const offer = (name: string, prefix: number | undefined) => {
      if (prefix === undefined || (dev !== undefined && dev !== name)) return;
      if (this.devices.get(name)?.up && prefix > (best?.prefix ?? -1)) best = { dev: name, prefix };
    };
    for (const [name, { addresses }] of this.devices) offer(name, reaches(addresses, gateway));
    for (const { to, dev: name } of this.linkRoutes) offer(name, covers(to, gateway) ? to.prefix : undefined);
    if (best) return best.dev;
    if (this.unsure) return undefined;
    const subject = dev === undefined ? placeText(this.site.place) : `"${dev}" ${inPlace(this.site.place)}`;
    const message = `No address or route of ${subject} reaches the gateway ${gateway.address}.`;
    return this.wrong(at, "unreachable-gateway", message, "value", this.subnets(gateway.family, dev));
  }

  private subnets(family: Family, dev: string | undefined): string | undefined {
    const subnets: string[] = [];
    for (const [name, { addresses }] of this.devices) {
      if (name === "lo" || (dev !== undefined && name !== dev)) continue;
      for (const one of addresses) if (one.family === family) subnets.push(`${one.address}/${one.prefix}`);
    }
    return subnets.length === 0 || subnets.length > 3 ? undefined : `it has ${subnets.join(", ")}`;
  }

  private wrong(
    pointer: Pointer,
    code: string,
    message: string,
    at: "key" | "value" = "value",
    suggestion?: string,
  ): undefined {
    this.context.report({ pointer, at, code, message, suggestion });
  }
}
