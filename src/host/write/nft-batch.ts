// nft scripts of one place as one transaction: `nft -f -`, nft(8).
import type { Command } from "../../core/resource.js";
import { oneLine, type Parcel, runs } from "./parcel.js";

export function nftParcels(commands: Command[]): Parcel[] {
  const scripts = runs(commands, (run, next) => isScript(run[0]!) && isScript(next));
  return scripts.map((script) => {
    const texts = script.map(({ stdin = "" }) => (stdin === "" || stdin.endsWith("\n") ? stdin : `${stdin}\n`));
    return {
      commands: script,
      process: { argv: ["nft", ...script[0]!.args], input: texts.join("") },
      blame: (end) => {
        const line = Number(/^[^\n]*?:(\d+):\d+/m.exec(end.output)?.[1] ?? 1);
        const message = oneLine(end.output.split("\n")[0] ?? "").replace(/^\S+:\d+:[\d-]+: /, "");
        return { command: commandOfLine(texts, line), done: 0, message: message || `exit code ${end.exitCode}` };
      },
    };
  });
}

function isScript({ args }: Command): boolean {
  return args.join(" ") === "-f -";
}

function commandOfLine(texts: string[], line: number): number {
  let last = 0;
  const ends = texts.map((text) => {
    last += text.split("\n").length - 1;
    return last;
  });
  return Math.max(
    0,
    ends.findIndex((end) => line <= end),
  );
}
