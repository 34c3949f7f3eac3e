// Completion for bash, judged by bash; the others at least name every verb and option.
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { main } from "../../../src/commands/main.js";
import { fakeSession } from "../commands/fake-session.js";

async function script(shell: string): Promise<string> {
  const session = fakeSession();
  expect(await main(["completion", shell], session)).toBe(0);
  return session.stdout;
}

/** What bash offers for the last word of a line. */
async function complete(...words: string[]): Promise<string[]> {
  const program = `${await script("bash")}
ls() { echo red; echo blue; }
netlab() { case "$*" in "list --names") echo campus ;; "list --namespaces") echo red; echo green ;; esac; }
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _netlab; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["--norc", "-c", program, "bash", ...words], {
    encoding: "utf8",
  });
  expect({ stderr, status }).toEqual({ stderr: "", status: 0 });
  return stdout.split("\n").filter(Boolean);
}

test.each([
  [["netlab", "de"], ["destroy"]],
  [["netlab", "plan", "--de"], ["--detailed-exitcode"]],
  [["netlab", "graph", "--format", "m"], ["mermaid"]],
  [["netlab", "destroy", "--lab", ""], ["campus"]],
  [
    ["netlab", "exec", ""],
    ["host", "red", "blue", "green"],
  ],
  [["netlab", "exec", "re"], ["red"]],
  [["netlab", "exec", "red", "--", "nsente"], ["nsenter"]],
  [["netlab", "completion", "z"], ["zsh"]],
  [
    ["netlab", "validate", "packag"],
    ["package-lock.json", "package.json"],
  ],
])("%j", async (words, offers) => {
  expect([...new Set(await complete(...words))].sort()).toEqual([...offers].sort());
});

test.each(["zsh", "fish"])("%s knows every verb and option", async (shell) => {
  const text = await script(shell);
  for (const word of ["validate", "plan", "apply", "destroy", "show", "list", "check", "exec", "graph", "version"])
    expect(text).toContain(word);
  for (const word of ["detailed-exitcode", "lock-timeout", "adopt", "no-rollback", "lab", "yaml"])
    expect(text).toContain(word);
});
