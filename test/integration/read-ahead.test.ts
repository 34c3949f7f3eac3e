// A large lab is read back in two parts: what either of them should see and does not is an error, and is rolled back.
import { expect, test } from "vitest";
import { withBox } from "../helpers/box.js";

const SIZE = 60;
const NUMBERS = Array.from({ length: SIZE }, (_, number) => number);
const STAR = [
  "name: star",
  "bridges: { lan0: { addresses: [10.0.255.254/16] } }",
  "namespaces:",
  ...NUMBERS.map((n) => `  n${n}: { interfaces: { eth0: { addresses: [10.0.0.${n + 1}/16] } } }`),
  "links:",
  ...NUMBERS.map((n) => `  - endpoints: [n${n}:eth0, lan0]`),
].join("\n");

/** Stands before ip: says that a line of a batch succeeded, and does not do it. */
const liar = (line: string) => `mkdir -p /run/liar; cat >/run/liar/ip <<'END'
#!/bin/sh
[ "$*" = "-batch -" ] || exec "$REAL" "$@"
grep -v '${line}' | "$REAL" -batch -
END
chmod +x /run/liar/ip`;

test.each([
  ["in the last stage", "address replace 10.0.255.254", "address:host/lan0/10.0.255.254/16"],
  ["before it", "address replace 10.0.0.42/", "address:n41/eth0/10.0.0.42/16"],
])("what ip did not do %s", async (_, line, missing) => {
  await withBox({}, async (box) => {
    const before = await box.fingerprint();
    const REAL = (await box.sh("command -v ip")).trim();
    await box.sh(liar(line));
    const env = { PATH: `/run/liar:${process.env.PATH}`, REAL, NETLAB_TIMEOUT: "2" };
    const { code, stderr } = await box.netlab(["apply", "--yes", "-"], { input: STAR, env });
    expect(stderr).toContain(`all commands succeeded, yet ${missing} is not as declared`);
    expect(code).toBe(1);
    await expect.poll(() => box.fingerprint(), { timeout: 60_000, interval: 200 }).toBe(before);
  });
});

test("what they see is all there is: a second plan is empty, by the other reader too", async () => {
  await withBox({}, async (box) => {
    expect(await box.netlab(["apply", "--yes", "-"], { input: STAR })).toMatchObject({ code: 0 });
    for (const reader of ["ip", "netlink"])
      expect(await box.netlab(["plan", "--detailed-exitcode", "--reader", reader, "-"], { input: STAR })).toMatchObject(
        {
          code: 0,
        },
      );
  });
});
