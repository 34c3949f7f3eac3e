// A cable is pulled and plugged elsewhere: the lab of one cable becomes the lab of a bridge, and back, each by one apply.
import path from "node:path";
import { expect, test } from "vitest";
import { withBox } from "../helpers/box.js";
import { figure, good, sameAs } from "../helpers/faults.js";

const folder = path.resolve(import.meta.dirname, "../../examples/08-recable");
const [CABLE, BRIDGE] = ["before", "after"].map((name) => path.join(folder, `${name}.yaml`)) as [string, string];

/** What the plan must say on the way to each: what goes, what comes, and why what stays declared is made again. */
const WAYS = [
  {
    to: BRIDGE,
    says: [
      /^ {2}- +veth +eth0~right\/eth0/m,
      /^ {2}\+ +bridge +br-mid/m,
      /^ {2}\+ +namespace/m,
      /^ {2}\+ +veth +left-eth0~left\/eth0/m,
      /^ {2}\+ +address +eth0\/10\.80\.0\.1\/24 .*made again \(lost with veth:left\/eth0~right\/eth0\)/m,
      /^ {2}\+ +address +eth0\/10\.80\.0\.2\/24 .*made again \(lost with veth:left\/eth0~right\/eth0\)/m,
      /^ {2}\+ +route .*via 10\.80\.0\.2.* -> .*10\.80\.0\.254.*\(lost with/m,
    ],
  },
  {
    to: CABLE,
    says: [
      /^ {2}- +bridge +br-mid/m,
      /^ {2}- +namespace/m,
      /^ {2}\+ +veth +eth0~right\/eth0/m,
      /^ {2}\+ +address +eth0\/10\.80\.0\.1\/24 .*made again \(lost with veth:/m,
      /^ {2}\+ +route .*\(lost with/m,
    ],
  },
];

test("both ways, and both again", { timeout: 300_000 }, () =>
  withBox({}, async (box) => {
    const before = await box.fingerprint();
    await good(box, ["apply", "--yes", CABLE]);
    const stays = () => box.sh("stat -Lc %i /run/netns/left /run/netns/right");
    const namespaces = await stays();
    for (const { to, says } of [...WAYS, ...WAYS]) {
      const { stdout } = await good(box, ["plan", to]);
      for (const pattern of says) expect(stdout).toMatch(pattern);
      expect(stdout).not.toMatch(/[-±] +namespace +(left|right)/);
      await good(box, ["apply", "--yes", to]);
      await good(box, ["check", to]);
      await good(box, ["plan", "--detailed-exitcode", to]);
      expect(await stays()).toBe(namespaces);
      figure("cables plugged elsewhere", 1);
    }
    await good(box, ["destroy", "--yes", CABLE]);
    await sameAs(box, before, "destroyed");
  }),
);
