// Neighbours, counters and learned addresses of a live lab, as tables.
import { naturally } from "../core/naturally.js";
import type { Counters, Details } from "../host/read/details.js";
import type { Paint } from "./color.js";
import { table } from "./table.js";
import { count } from "./words.js";

/** Ends with a newline; empty where there is nothing to tell. */
export function detailsText(details: Details, paint: Paint): string {
  const places = Object.entries(details.places).sort(([a], [b]) => naturally(a, b));
  const neighbours = places.flatMap(([place, { neighbours: list }]) =>
    list.map(({ address, device, mac, state }) => [`${place}/${device}`, address, mac ?? "-", state]),
  );
  const counters = places.flatMap(([place, { counters: list }]) =>
    list.map(({ device, rx, tx }) => [`${place}/${device}`, ...numbers(rx), ...numbers(tx)]),
  );
  const learned = details.learned.map(({ bridge, port, vlan, mac, age }) => [
    bridge,
    port,
    String(vlan),
    mac,
    `${age} s`,
  ]);
  return [
    section(["NEIGHBOURS", "ADDRESS", "MAC", "STATE"], neighbours, paint),
    section(
      ["COUNTERS", "RX BYTES", "PACKETS", "ERRORS", "DROPPED", "TX BYTES", "PACKETS", "ERRORS", "DROPPED"],
      counters,
      paint,
    ),
    section(["LEARNED BY", "PORT", "VLAN", "MAC", "AGE"], learned, paint),
  ]
    .filter(Boolean)
    .join("\n");
}

const numbers = ({ bytes, packets, errors, dropped }: Counters) => [bytes, packets, errors, dropped].map(count);

function section(head: string[], rows: string[][], paint: Paint): string {
  return rows.length === 0 ? "" : `${table([head.map(paint.dim), ...rows])}\n`;
}
