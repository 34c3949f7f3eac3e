// The plan as a shell script: judged by sh itself.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import type { Command } from "../../../src/core/resource.js";
import { commandLine, quote } from "../../../src/report/command-line.js";
import { commandsScript } from "../../../src/report/commands-script.js";
import { planOf, stagesOf } from "./make-plan.js";

const command = (tool: string, place: string, args: string[], stdin?: string): Command => ({
  tool,
  place,
  args,
  ...(stdin === undefined ? {} : { stdin }),
});

test.each([
  [command("ip", "host", ["link", "add", "name", "br0"]), "ip link add name br0"],
  [command("ip", "red", ["link", "set", "dev", "eth0", "up"]), "ip -n red link set dev eth0 up"],
  [command("sysctl", "red", ["net.ipv4.ip_forward=1"]), "nsenter --net=/run/netns/red sysctl net.ipv4.ip_forward=1"],
  [command("ovs-vsctl", "host", ["add-br", "br1"]), "ovs-vsctl --timeout=10 add-br br1"],
  [command("ovs-vsctl", "host", ["--if-exists", "del-br", "br1"]), "ovs-vsctl --timeout=10 -- --if-exists del-br br1"],
  [command("ovs-vsctl", "host", ["--timeout=4", "--", "list", "Port"]), "ovs-vsctl --timeout=4 -- list Port"],
  [command("ip", "host", ["link", "set", "alias", "it's $HOME"]), "ip link set alias 'it'\\''s $HOME'"],
])("%# is one line of shell", (one, line) => {
  expect(commandLine(one)).toBe(line);
});

test("sh reads back each word as it was", () => {
  const words = ["", "a b", "it's", '"', "$HOME `id` \\ *", "~", "#", "a\nb", "é", "-n", "="];
  const script = `printf '%s\\0' ${words.map(quote).join(" ")}`;
  const { stdout } = spawnSync("sh", ["-c", script], { encoding: "utf8" });
  expect(stdout.split("\0").slice(0, -1)).toEqual(words);
});

/** Runs a script with functions in the place of the tools, which say what they got. */
function rehearse(script: string): string {
  const tool = (name: string) => `${name}() { echo "${name} $*"; [ "$1" != -f ] || cat; }`;
  const { stdout, stderr, status } = spawnSync("sh", [], {
    input: `${["ip", "nft", "kill"].map(tool).join("\n")}\n${script}`,
    encoding: "utf8",
  });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout;
}

test("Steps are named, in order, and text is fed as it stands", () => {
  const rules = "add table inet t\n# $HOME `id`\nEND\n";
  const plan = planOf([], {
    stages: stagesOf([
      { action: "create", id: "bridge:host/br0", commands: [command("ip", "host", ["link", "add", "br0"])] },
      { action: "create", id: "sysctl:red/x", commands: [] },
      { action: "create", id: "nat:host", commands: [command("nft", "host", ["-f", "-"], rules)] },
      { action: "delete", id: "process:red/7", commands: [command("kill", "host", ["-TERM", "7"], "4711")] },
    ]),
  });
  const script = commandsScript(plan, "1.2.3");
  expect(script).toMatch(/^#!\/bin\/sh\n# netlab 1\.2\.3: lab demo, 3 steps\./);
  expect(script).toContain("\n# 1  create bridge:host/br0\n");
  expect(script).toContain("\n# 3  create nat:host\n");
  expect(script).not.toContain("sysctl:red/x");
  expect(rehearse(script)).toBe(`ip link add br0\nnft -f -\n${rules}kill -TERM 7\n`);
});

test("A name with a line break ends no comment", () => {
  const plan = planOf([], {
    stages: stagesOf([{ action: "delete", id: "process:red/\nrm -rf x", commands: [command("ip", "host", ["x"])] }]),
  });
  expect(rehearse(commandsScript(plan, "1"))).toBe("ip x\n");
});
