import { expect, test } from "vitest";
import { childEnvironment, searchPath } from "../../../src/host/process/environment.js";
import { exec } from "../../../src/host/process/exec.js";
import { mayChange, notPermitted } from "../../../src/host/rights.js";
import { requireTools } from "../../../src/host/tools.js";

test("the caller's folders come first, the administrator's are always there, relative ones never", () => {
  expect(searchPath("/opt/wrappers:bin::/usr/bin")).toEqual([
    "/opt/wrappers",
    "/usr/bin",
    "/usr/local/sbin",
    "/usr/sbin",
    "/sbin",
    "/bin",
  ]);
  expect(childEnvironment().LC_ALL).toBe("C");
});

test("all missing tools are named in one line, with their packages", () => {
  expect(() => requireTools(["sh", "nosuchtool-b", "nosuchtool-a"])).toThrow(
    expect.objectContaining({
      message: "nosuchtool-a, nosuchtool-b are not installed",
      hint: "install nosuchtool-a nosuchtool-b, on Debian and Ubuntu: apt install nosuchtool-a nosuchtool-b",
    }),
  );
  expect(() => requireTools(["sh"])).not.toThrow();
});

test("rights are read from the effective capabilities", () => {
  expect(mayChange("Name:\tx\nCapEff:\t000001ffffffffff\n")).toBe(true);
  expect(mayChange("CapEff:\t0000000000000000\n")).toBe(false);
  expect(mayChange("CapEff:\t0000000000001000\n")).toBe(false);
  expect(notPermitted("changing a lab").message).toBe("changing a lab needs root (CAP_NET_ADMIN and CAP_SYS_ADMIN)");
});

test("a program that succeeds, fails, is missing, or hangs", async () => {
  expect(await exec("sh", ["-c", "cat; echo $LC_ALL"], { input: "in ", timeout: 10 })).toMatchObject({
    failed: false,
    exitCode: 0,
    stdout: expect.stringMatching(/^in C\s*$/),
  });
  expect(await exec("sh", ["-c", "echo why >&2; exit 3"], { timeout: 10 })).toMatchObject({
    failed: true,
    exitCode: 3,
    message: "why",
  });
  expect(await exec("no-such-program-here", [], { timeout: 10 })).toMatchObject({ failed: true, missing: true });
  expect(await exec("sh", ["-c", "sleep 60 & wait"], { timeout: 0.3 })).toMatchObject({ failed: true, timedOut: true });
});
