// The registry: every kind, in the order in which a reader meets them.
import { address } from "./address.js";
import { bridge } from "./bridge.js";
import { etcFile } from "./etc-file.js";
import { firewall } from "./firewall.js";
import { interfaceKind } from "./interface.js";
import type { Kind } from "./kind.js";
import { loan } from "./loan.js";
import { namespace } from "./namespace.js";
import { nat } from "./nat.js";
import { offload } from "./offload.js";
import { ovsBridge } from "./ovs-bridge.js";
import { ovsPort } from "./ovs-port.js";
import { placement } from "./placement.js";
import { port } from "./port.js";
import { process } from "./process.js";
import { route } from "./route.js";
import { service } from "./service.js";
import { sysctl } from "./sysctl.js";
import { takeover } from "./takeover.js";
import { tap } from "./tap.js";
import { veth } from "./veth.js";

export const kinds: readonly Kind[] = [
  namespace,
  sysctl,
  bridge,
  ovsBridge,
  veth,
  tap,
  ovsPort,
  placement,
  loan,
  port,
  interfaceKind,
  takeover,
  offload,
  address,
  route,
  nat,
  firewall,
  etcFile,
  service,
  process,
];
