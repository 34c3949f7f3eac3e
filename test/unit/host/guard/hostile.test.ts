// Hostile strings past validation: in every position of a value in a command, a batch line, an nft script or a path, the
// guard refuses them.
import { expect, test } from "vitest";
import { makePlan } from "../../../../src/core/planner.js";
import type { Command, State } from "../../../../src/core/resource.js";
import { simulate, stepsOf } from "../../../../src/core/simulate.js";
import { model } from "../../../../src/engine/model.js";
import { desiredWith } from "../../../../src/engine/state.js";
import { GuardError, guard } from "../../../../src/host/guard/guard.js";
import { START } from "../../../../src/kinds/service-words.js";
import { InetError } from "../../../../src/topology/inet.js";
import type { Lab } from "../../../../src/topology/lab.js";
import { FACTS } from "../../../helpers/facts.js";
import { figure } from "../../../helpers/figure.js";
import { HOSTILE, type Path, texts, withString } from "../../../helpers/hostile.js";
import { loadText } from "../../topology/help.js";

/** On a busy machine. */
const SLOW = { timeout: 600_000 };

const stateOf = (lab: Lab): State => desiredWith(lab, FACTS);

const commandsTo = (lab: string, desired: State, live: State): Command[] =>
  stepsOf(makePlan(model, { lab, desired, live })).flatMap(({ commands }) => commands);

/** Made, and destroyed again. */
function commandsOf(lab: Lab): Command[] {
  const desired = stateOf(lab);
  const live = simulate(model, {}, desired, stepsOf(makePlan(model, { lab: lab.name, desired, live: {} })));
  return [...commandsTo(lab.name, desired, {}), ...commandsTo(lab.name, {}, live)];
}

const labs = texts.flatMap((text) => loadText(text).lab ?? []);
/** What no lab of the examples runs. */
const OTHERS: Command[] = [
  { tool: "kill", place: "red", args: ["-TERM", "4711"], stdin: "99" },
  { tool: "ethtool", place: "red", args: ["-K", "eth0", "tx", "off"] },
  { tool: "sysctl", place: "red", args: ["-e", "net.ipv4.conf.eth0/1.rp_filter=1"] },
  {
    tool: "nft",
    place: "host",
    args: ["-f", "-"],
    stdin: 'insert rule ip filter FORWARD iifname "lan0" oifname "lan0" accept comment "netlab:x"\n',
  },
  {
    tool: "iptables-legacy",
    place: "host",
    args: "-w -I FORWARD -i lan0 -o lan0 -m comment --comment netlab:x -j ACCEPT".split(" "),
  },
];

/** One command of each form: the names, numbers and addresses of one stand for all others. */
const forms = new Map<string, Command>();
for (const lab of labs) {
  const names = new Set(
    [...strings(lab)].map((path) => String(path.reduce<unknown>((here, key) => (here as never)[key], lab))),
  );
  const form = ({ tool, args, stdin = "" }: Command) =>
    [tool, ...args, ...(tool === "nft" ? stdin.split(/(\s)/) : [])]
      .map((word) => (names.has(word.replaceAll('"', "")) || /[0-9:_/]/.test(word) ? "·" : word))
      .join(" ");
  for (const command of [...commandsOf(lab), ...OTHERS]) {
    guard(command);
    const key = form(command);
    if (!forms.has(key)) forms.set(key, command);
  }
}

/** A value as the hostile string, and with it at its end. */
const spoilt = (value: string, hostile: string): string[] =>
  hostile === "" ? [""] : [hostile, ...(/^[.-]+|^x{70}$/.test(hostile) ? [] : [`${value}${hostile}`])];

/** No shell reads the words of a service's command and its environment: they are the user's, but for a NUL byte. */
function isFree({ args }: Command, index: number): boolean {
  const mark = args.indexOf("netlab-service");
  return args[1] === START && mark >= 0 && (index > mark + 3 || index === mark - 1 || /^[A-Z]\w*=/i.test(args[index]!));
}

function* spoiltArguments(command: Command, hostile: string): Generator<Command> {
  for (const [index, arg] of command.args.entries())
    for (const word of spoilt(arg, hostile)) {
      if (word === arg) continue; // `nft -f -`
      if (isFree(command, index) && !word.includes("\0")) continue;
      yield { ...command, args: command.args.with(index, word) };
    }
}

function* spoiltScripts(command: Command, hostile: string): Generator<Command> {
  const parts = (command.stdin ?? "").split(/([^\s"]+)/);
  for (let index = 1; index < parts.length; index += 2)
    for (const word of spoilt(parts[index]!, hostile)) yield { ...command, stdin: parts.with(index, word).join("") };
}

function isRefused(command: Command): boolean {
  try {
    guard(command);
    return false;
  } catch (error) {
    if (error instanceof GuardError) return true;
    throw error;
  }
}

/** Single words that mean nothing but themselves there, though no name is such. */
function isHarmless({ tool, args }: Command, hostile: string): boolean {
  if (tool === "ip" && args.some((arg, index) => arg === "" && args[index - 1] === "alias")) return true;
  if (tool === "sysctl" && /^[ \w.]+$/.test(hostile)) return args.some((arg) => /^[^ =]+=[^=]*$/.test(arg));
  // Too long for a name: the kernel says so. A word of nft's that it does not know is an error, and nothing is done.
  return /^x{70}$/.test(hostile);
}

test("every position of every command", SLOW, () => {
  let refused = 0;
  const slipped: unknown[] = [];
  for (const command of forms.values())
    for (const hostile of HOSTILE) {
      const places = spoilt(command.place, hostile).map((place) => ({ ...command, place }));
      const scripts = command.tool === "nft" ? spoiltScripts(command, hostile) : [];
      for (const one of [...places, ...spoiltArguments(command, hostile), ...scripts]) {
        if (isHarmless(one, hostile)) continue;
        if (isRefused(one)) refused++;
        else slipped.push([hostile, one]);
      }
    }
  expect(slipped).toEqual([]);
  expect(refused).toBeGreaterThan(10_000);
  figure("hostile commands refused by the guard", refused);
});

function* strings(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value === "string") yield path;
  else if (value !== null && typeof value === "object")
    for (const [key, member] of Object.entries(value))
      if (key !== "origin") yield* strings(member, [...path, Array.isArray(value) ? Number(key) : key]);
}

/** Dashes and dots only count at the beginning of a word. */
function hasWord({ tool, place, args, stdin = "" }: Command, hostile: string): boolean {
  const words = [place, ...args, ...(tool === "nft" ? [stdin] : [])];
  return words.some((word) => (/^[.-]/.test(hostile) ? word.startsWith(hostile) : word.includes(hostile)));
}

/** None where the kinds say of an address that it is none; whatever else they throw is a bug. */
function commandsIfAny(lab: Lab): Command[] | undefined {
  try {
    return commandsTo(lab.name, stateOf(lab), {});
  } catch (error) {
    if (error instanceof InetError) return undefined;
    throw error;
  }
}

test("labs that never were validated: what is made of them is refused", SLOW, () => {
  let refused = 0;
  const slipped: unknown[] = [];
  for (const lab of labs.filter(({ name }) => name === "more" || name === "campus"))
    for (const path of strings(lab))
      for (const hostile of HOSTILE.filter((text) => text.length > 2)) {
        const commands = commandsIfAny(withString(lab, { rule: "", path }, hostile) as Lab);
        if (!commands) refused++;
        for (const command of commands ?? []) {
          if (command.tool === "sh" || isHarmless(command, hostile) || !hasWord(command, hostile)) continue;
          if (isRefused(command)) refused++;
          else slipped.push([path.join("/"), command]);
        }
      }
  expect(slipped).toEqual([]);
  expect(refused).toBeGreaterThan(1000);
  figure("hostile commands refused by the guard", refused);
});
