// A device as it is when it was just made, by whatever makes one: down, and without the readable mark.
import type { Resource } from "../core/resource.js";
import type { Place } from "../topology/lab.js";

/** `fields`: what it is born with besides; without an MTU where that follows others. */
export const born = (place: Place, name: string, fields: Resource["fields"]): Resource => ({
  id: `interface:${place}/${name}`,
  kind: "interface",
  place,
  fields: { up: false, alias: null, ...fields },
  at: { name },
  owner: "lab",
});

/** Of a device that nobody gave another one: ETH_DATA_LEN of linux/if_ether.h. */
export const USUAL_MTU = 1500;
