// Routes that the kernel would refuse, or take for one another.
import type { Route } from "../lab.js";
import { join } from "../pointer.js";
import type { CrossCheck } from "./subject.js";

/** What IPv6 gives a route without a metric: IP6_RT_PRIO_USER of linux/ipv6_route.h. */
const IPV6_METRIC = 1024;

const metricOf = ({ family, metric = 0 }: Route): number => (family === 6 && metric === 0 ? IPV6_METRIC : metric);

export const routeTwice: CrossCheck = ({ lab }, report) => {
  for (const { routes } of [...lab.namespaces, lab.host]) {
    const seen = new Set<string>();
    const inFileOrder = [...routes].sort((a, b) => a.origin.localeCompare(b.origin, "en", { numeric: true }));
    for (const route of inFileOrder) {
      const key = `${route.family} ${route.table} ${route.to} ${metricOf(route)}`;
      if (seen.has(key)) {
        const message = `There is another route to ${route.to} with the same metric in the same table.`;
        report({
          pointer: route.origin,
          code: "duplicate-route",
          message,
          suggestion: "give it another metric, or use nexthops",
        });
      }
      seen.add(key);
    }
  }
};

/** The host has addresses that the file does not name. */
export const routeSource: CrossCheck = ({ lab, loose }, report) => {
  for (const { name, routes, interfaces } of lab.namespaces) {
    const own = new Set(interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address)));
    for (const { src, origin } of routes) {
      if (src === undefined || own.has(src) || loose.has(name)) continue;
      report({
        pointer: join(origin, "src"),
        code: "unknown-source",
        message: `${src} is not an address of "${name}".`,
      });
    }
  }
};
