// Who may change a file that root applies.
import { expect, test } from "vitest";
import { writersOf } from "../../../src/host/other-writers.js";

const SAFE = { uid: 0, gid: 0, mode: 0o755 };
const asked = (modes: Record<string, Partial<typeof SAFE>>) =>
  writersOf("/srv/labs/a.yaml", (path) => ({ ...SAFE, ...modes[path] }));

test.each([
  [{}, undefined],
  [{ "/srv/labs/a.yaml": { uid: 1000 } }, "/srv/labs/a.yaml belongs to user 1000"],
  [{ "/srv/labs/a.yaml": { mode: 0o666 } }, "everybody may write /srv/labs/a.yaml"],
  [{ "/srv/labs/a.yaml": { mode: 0o1666 } }, "everybody may write /srv/labs/a.yaml"],
  [{ "/srv/labs/a.yaml": { mode: 0o664, gid: 100 } }, "group 100 may write /srv/labs/a.yaml"],
  [{ "/srv/labs/a.yaml": { mode: 0o664 } }, undefined],
  [{ "/srv/labs": { mode: 0o777 } }, "everybody may write /srv/labs"],
  [{ "/srv/labs": { mode: 0o1777 } }, undefined],
  [{ "/srv": { uid: 1000, mode: 0o1755 } }, "/srv belongs to user 1000"],
])("%j: %s", (modes, words) => {
  expect(asked(modes)).toBe(words);
});
