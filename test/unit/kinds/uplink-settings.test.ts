// What is set of an interface, and what a bridge gets of it.
import { expect, test } from "vitest";
import { settingKeys, settingsFor, settingsOf } from "../../../src/kinds/uplink-settings.js";

test("what differs from default goes along; a dot in a name is a slash", () => {
  const usual = Object.fromEntries(settingKeys("default").map((key) => [key, "0"]));
  const own = Object.fromEntries(settingKeys("eth0.5").map((key) => [key, "0"]));
  expect(settingsOf("eth0.5", { ...usual, ...own })).toEqual({});
  own["net.ipv4.conf.eth0/5.rp_filter"] = "2";
  own["net.ipv6.conf.eth0/5.accept_ra"] = "2";
  const settings = settingsOf("eth0.5", { ...usual, ...own });
  expect(settings).toEqual({ "ipv4.rp_filter": "2", "ipv6.accept_ra": "2" });
  expect(settingsFor("br.0", settings)).toEqual([
    ["net.ipv4.conf.br/0.rp_filter", "2"],
    ["net.ipv6.conf.br/0.accept_ra", "2"],
  ]);
  // A kernel without IPv6.
  expect(settingsOf("eth1", usual)).toEqual({});
});
