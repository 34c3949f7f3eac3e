// The drawing of a lab: what is no cable stands in it, too.
import { expect, test } from "vitest";
import { graphDot } from "../../../src/report/graph-dot.js";
import { graphMermaid } from "../../../src/report/graph-mermaid.js";
import type { Lab } from "../../../src/topology/lab.js";
import { load } from "../../../src/topology/load.js";

const lab = async (file: string): Promise<Lab> => (await load(`examples/${file}.yaml`)).lab!;
/** The lines between the head and the end, without what stands before them. */
const drawn = (text: string, head: string) => text.slice(text.indexOf(head) + head.length).trim();

test("Tap devices, interfaces of the machine, and who asks by DHCP", async () => {
  const one = await lab("09d-physical-dhcp");
  expect(drawn(graphMermaid(one), "flowchart LR")).toMatchInlineSnapshot(`
    "n_lodger["lodger"]
      subgraph in_n_host ["host"]
        b_host__br_2d_home(["br-home<br>bridge<br>DHCP"])
        b_host__vnet_2d_home0>"vnet-home0<br>tap"]
        b_host__ens3[["ens3<br>interface of the machine"]]
      end
      b_host__br_2d_home ---|"lodger-eth0 — eth0 DHCP"| n_lodger
      b_host__vnet_2d_home0 -.- b_host__br_2d_home
      b_host__ens3 -.- b_host__br_2d_home"
  `);
  expect(graphDot(one)).toContain('b_host__ens3 [shape=component, label="ens3\\ninterface of the machine"];');
  expect(graphDot(one)).toContain("b_host__vnet_2d_home0 -- b_host__br_2d_home [");
});

test("An interface of the machine in a namespace, and its addresses there", async () => {
  expect(drawn(graphMermaid(await lab("09c-physical-in-namespace")), "flowchart LR")).toMatchInlineSnapshot(`
    "subgraph in_n_firewall ["firewall"]
        n_firewall["firewall"]
        b_firewall__ens3[["ens3<br>interface of the machine<br>198.51.100.60/24"]]
      end
      b_firewall__ens3 -.- n_firewall"
  `);
});

test("What runs in a place", async () => {
  const text = graphMermaid(await lab("10-libvirt/nat"));
  expect(text).toContain('n_host["host<br>forwarding<br>masquerade<br>runs dnsmasq-virnat0"]');
  expect(text).toContain('n_guest1["guest1"]');
});
