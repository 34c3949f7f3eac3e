// Three sets of tests: unit needs nothing, integration a box (scripts/box.mjs), package the npm registry.
import { defineConfig } from "vitest/config";

const PACKAGE = "test/integration/package.test.ts";

export default defineConfig({
  test: {
    pool: "forks",
    // Most of an integration test is waiting: two at a time also where there are but two processors.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/{unit,property,golden,invalid}/**/*.test.ts"],
          testTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["test/integration/**/*.test.ts"],
          exclude: [PACKAGE],
          setupFiles: ["test/helpers/need-box.ts"],
          testTimeout: 300_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: { name: "package", include: [PACKAGE], testTimeout: 300_000, hookTimeout: 300_000 },
      },
    ],
  },
});
