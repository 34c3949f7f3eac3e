import { expect, test } from "vitest";
import { runShare, shareScript } from "../../../../src/host/process/share.js";

const job = (...argv: string[]) => ({ netns: "", processes: [{ argv, input: "" }] });

test("the script has no text of a job in it", () => {
  const hostile = "$(touch /tmp/x); `id`\n\"'END\nEND";
  const { script, args } = shareScript([{ netns: hostile, processes: [{ argv: ["echo", hostile], input: hostile }] }]);
  expect(script).not.toContain("touch");
  expect(args).toEqual([hostile, "echo"]);
  expect(script.split("\n").at(-2)).toBe(`j 0 "\${1}" "\${1}" "\${2}" "\${1}"`);
});

test("arguments and input arrive as they are, whatever is in them", async () => {
  const hostile = "a b\t$HOME `id` \\ \"'\nEND\n$input*";
  const [argument, input] = await runShare(
    [
      { netns: "", processes: [{ argv: ["printf", "%s", hostile], input: "" }] },
      { netns: "", processes: [{ argv: ["cat"], input: hostile }] },
    ],
    { timeout: 10 },
  );
  expect(argument).toEqual([{ exitCode: 0, output: hostile }]);
  expect(input).toEqual([{ exitCode: 0, output: `${hostile}\n` }]);
});

test("large inputs arrive whole", async () => {
  const large = "0123456789\n".repeat(2700);
  const [ends] = await runShare([{ netns: "", processes: [{ argv: ["wc", "-c"], input: large }] }], { timeout: 10 });
  expect(Number(ends![0]!.output)).toBe(large.length + 1);
});

test("a process that fails ends its job, not the others, and both outputs are kept", async () => {
  const failing = { argv: ["sh", "-c", "echo out; echo err >&2; exit 7"], input: "" };
  const results = await runShare(
    [{ netns: "", processes: [failing, { argv: ["echo", "not reached"], input: "" }] }, job("echo", "second")],
    { timeout: 10 },
  );
  expect(results).toEqual([[{ exitCode: 7, output: "out\nerr\n" }], [{ exitCode: 0, output: "second\n" }]]);
});

test("a missing program has the code of the shell", async () => {
  const [ends] = await runShare([job("no-such-program-here")], { timeout: 10 });
  expect(ends![0]).toMatchObject({ exitCode: 127, output: expect.stringContaining("not found") });
});

test("one that hangs is ended and named; what would have come after it is not run", async () => {
  const results = await runShare([job("echo", "first"), job("sleep", "60"), job("echo", "third")], { timeout: 0.5 });
  expect(results).toEqual([[{ exitCode: 0, output: "first\n" }], [expect.objectContaining({ timedOut: true })], []]);
});

test("one that ignores TERM is killed", async () => {
  const [ends] = await runShare([job("sh", "-c", "trap '' TERM; while :; do sleep 1; done")], { timeout: 0.3 });
  expect(ends![0]).toMatchObject({ timedOut: true });
});

test("after an abort what runs may end, and nothing more is started", async () => {
  const stop = new AbortController();
  const results = runShare([job("sh", "-c", "echo started; sleep 0.5; echo finished"), job("echo", "second")], {
    timeout: 10,
    signal: stop.signal,
  });
  setTimeout(() => stop.abort(), 200);
  expect(await results).toEqual([[{ exitCode: 0, output: "started\nfinished\n" }], []]);
});

test("one that leaves its group and keeps the output open does not keep netlab waiting", async () => {
  const [ends] = await runShare([job("sh", "-c", "setsid sleep 20 & wait")], {
    timeout: 0.3,
  });
  expect(ends![0]).toMatchObject({ timedOut: true });
}, 10_000);
