// What a destroy calls gone is gone: also where a name is free and what it stood for is not, or is taken again at once.
import { expect, test } from "vitest";
import { type Box, withBox } from "../helpers/box.js";
import { good, prepare } from "../helpers/faults.js";

const FILE = "/run/zoo.yaml";
const destroy = ["destroy", "--yes", FILE];
/** Of a destroy that is to fail: it waits for less long. */
const env = { NETLAB_TIMEOUT: "4" };

async function applied(box: Box, lab: object) {
  await prepare(box);
  await box.sh(`cat >${FILE}`, { input: JSON.stringify({ name: "zoo", ...lab }) });
  await good(box, ["apply", "--yes", FILE]);
}

const cable = (...endpoints: string[]) => ({ namespaces: { red: {}, blue: {} }, links: [{ endpoints }] });

// Names are read in their order: the first of two is the namespace's, the other one its second.
test.each(["aaa", "zed"])("a namespace that has the name %s, too, lives on, and that is said", (second) =>
  withBox({}, async (box) => {
    await applied(box, { namespaces: { red: { interfaces: { lo: { addresses: ["10.255.0.1/32"] } } } } });
    await box.sh(`touch /run/netns/${second}; mount --bind /run/netns/red /run/netns/${second}`);
    const { code, stderr } = await box.netlab(destroy, { env });
    expect(code, stderr).toBe(1);
    expect(stderr).toMatch(/namespace:(red|zed)/);
  }),
);

test("an end that was moved to a namespace that stays is gone when the destroy has ended", () =>
  withBox({}, async (box) => {
    await applied(box, cable("red:eth0", "blue:eth0"));
    await box.sh("ip netns add theirs; ip -n blue link set eth0 netns theirs");
    await good(box, destroy);
    expect(await box.sh("ip -n theirs -br link")).not.toContain("eth0");
  }));

test("a cable whose namespace is held open is still there, and that is said", () =>
  withBox({}, async (box) => {
    await applied(box, cable("red:eth0", "host:a|b"));
    const holder = box.start(["sh", "-c", "exec 7</run/netns/red; echo held; exec sleep 1000"]);
    await holder.until(/held/);
    const { code, stderr } = await box.netlab(destroy, { env });
    expect(code, stderr).toBe(1);
    expect(stderr).toContain("veth:host/a|b");
  }));

test("names that others take at once are no hindrance", () =>
  withBox({}, async (box) => {
    await applied(box, { ...cable("red:eth0", "blue:eth0"), bridges: { br0: {} } });
    const others =
      "until ip netns add red 2>/dev/null; do :; done; until ip link add br0 type bridge; do :; done; echo taken";
    const taker = box.start(["sh", "-c", others]);
    await good(box, destroy);
    await taker.until(/taken/);
    expect(await box.sh("ip netns list; ip -br link")).toMatch(/^red\n(.*\n)*br0 /);
  }));
