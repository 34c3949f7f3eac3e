// Derived names, MACs and the group are part of the mark of running labs: these values must never change.
import { describe, expect, test } from "vitest";
import { groupOf, hashedPort, macOf, readablePort } from "../../../src/topology/derive.js";

describe("derived values", () => {
  test("the group of a lab", () => {
    expect(groupOf("campus")).toBe(31530920);
    expect(groupOf("lab")).toBe(1290523511);
  });

  test("MAC addresses", () => {
    expect(macOf("campus", "blue", "eth0")).toBe("02:a1:a6:e2:47:43");
    expect(macOf("campus", "host", "br1")).toBe("02:66:e5:30:06:ea");
    expect(macOf("other", "blue", "eth0")).toBe("02:36:88:9a:65:e4");
  });

  test("port names", () => {
    expect(readablePort("red", "eth0")).toBe("red-eth0");
    expect(readablePort("1234567890", "eth0")).toBe("1234567890-eth0");
    expect(readablePort("12345678901", "eth0")).toBeUndefined();
    expect(hashedPort("12345678901", "eth0")).toBe("12345678-3wgrbp");
    expect(hashedPort("12345678901", "eth0", 1)).toBe("12345678-zustx6");
    expect(hashedPort("a", "b")).toBe("a-gr84vk");
  });

  test("the group is 31 bits and never the kernel's own group 0; a hashed name fits", () => {
    for (let i = 0; i < 2000; i++) {
      const group = groupOf(`lab${i}`);
      expect(group > 0 && group < 2 ** 31).toBe(true);
      expect(hashedPort(`namespace-${i}`, "eth0")).toMatch(/^[a-z0-9-]{1,8}-[a-z0-9]{6}$/);
    }
  });
});
