// Arbitrary valid topologies for fast-check: small, over few names, so that two of them have much in common.
import fc from "fast-check";
import type { Lab } from "../../src/topology/lab.js";
import { load } from "../../src/topology/load.js";
import type { Topology } from "../../src/topology/types.gen.js";
import { type Choices, type Face, TopologyBuilder } from "./topology-builder.js";

export interface TopologyOptions {
  /** The lab's name, `zoo` by default. */
  name?: string;
  /** Open vSwitch bridges too; true by default. `some`: at least one in each. */
  ovs?: boolean | "some";
  /** Namespaces; 1 to 12, mostly few, where absent. */
  size?: number;
}

/** A topology as its file has it; `textOf` makes the file. */
export function arbitraryTopology({ name = "zoo", ovs = true, size }: TopologyOptions = {}): fc.Arbitrary<Topology> {
  const sizes = size === undefined ? SIZES : fc.constant(size);
  return sizes.chain((most) => choices(most, ovs)).map((made) => new TopologyBuilder(name, made).build());
}

/** Each four times as seldom as the ones before. */
const SIZES = fc.oneof(
  { weight: 16, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 4, arbitrary: fc.integer({ min: 5, max: 8 }) },
  { weight: 1, arbitrary: fc.integer({ min: 9, max: 12 }) },
);
const PLACES = Array.from({ length: 12 }, (_, index) => `n${index + 1}`);

/** JSON, which is YAML too. */
const textOf = (topology: Topology): string => JSON.stringify(topology, null, 1);

/** Through the parser and all checks. @throws Error with everything that is wrong with it */
export async function labOf(topology: Topology): Promise<Lab> {
  const { lab, diagnostics } = await load({ text: textOf(topology), file: "arbitrary.yaml" });
  if (!lab) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  return lab;
}

const small = fc.nat(12);
const seldom = fc.nat(9).map((number) => number === 9);

const face: fc.Arbitrary<Face> = fc.record({
  v4: fc.uniqueArray(fc.nat(5), { maxLength: 3 }),
  v6: fc.boolean(),
  mtu: fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, fc.constantFrom(1400, 9000)),
  mac: seldom,
  up: seldom.map((down) => !down),
});

/** @param size how many namespaces; the more, the more cables between them */
function choices(size: number, ovs: boolean | "some"): fc.Arbitrary<Choices> {
  const some = <V>(maxLength: number, one: fc.Arbitrary<V>) => fc.array(one, { maxLength });
  const more = Math.max(0, size - 4);
  const bridge = fc.record({
    where: small,
    name: fc.nat(1),
    ovs: ovs ? fc.boolean() : fc.constant(false),
    stp: seldom,
    face,
  });
  const [least, first] = ovs === "some" ? [1, { ovs: true }] : [0, {}];
  return fc.record({
    places: fc.uniqueArray(fc.constantFrom(...PLACES.slice(0, Math.max(4, size))), {
      minLength: size,
      maxLength: size,
    }),
    bridges: fc
      .array(bridge, { minLength: least, maxLength: 3 })
      .map(([one, ...others]) => (one ? [{ ...one, ...first }, ...others] : [])),
    cables: some(
      5 + more,
      fc.record({
        kind: small,
        near: small,
        far: small,
        name: fc.nat(3),
        named: fc.boolean(),
        faces: fc.tuple(face, face),
        option: fc.nat(3),
      }),
    ),
    internals: some(ovs ? 2 : 0, fc.record({ where: small, bridge: small, name: fc.nat(1), face, option: fc.nat(3) })),
    routes: some(
      6 + more,
      fc.record({
        where: small,
        to: fc.nat(2),
        hop: fc.nat(3),
        second: fc.nat(3),
        shape: fc.nat(4),
        metric: fc.nat(3),
        v6: fc.boolean(),
      }),
    ),
    settings: some(3, fc.record({ where: small, key: fc.nat(2), value: fc.nat(5) })),
    forwarding: some(2, fc.record({ where: small, value: fc.nat(3) })),
    nat: some(2, fc.record({ where: small, source: fc.nat(2), out: fc.nat(3), forward: fc.nat(5), shape: fc.nat(2) })),
    withoutIpv6: some(1, small),
    taps: some(2, fc.record({ where: small, bridge: fc.nat(2), name: fc.nat(1), face, option: fc.nat(3) })),
    services: some(2, fc.record({ where: small, name: fc.nat(1), shape: fc.nat(2) })),
  });
}
