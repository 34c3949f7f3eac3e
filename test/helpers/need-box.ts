// Skips every integration test, with the reason, where no box can be made (scripts/test.mjs finds that out).
import { beforeEach } from "vitest";

beforeEach(({ skip }) => {
  const reason = process.env.NETLAB_NO_BOX;
  if (reason) skip(reason);
});
