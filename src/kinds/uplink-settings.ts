// Settings of an interface of the host that a bridge takes over with its addresses: Documentation/networking/ip-sysctl.rst.

/** By family, under net.FAMILY.conf.DEVICE. Not what belongs to the device itself (mtu) or is a secret. */
const KEYS: Record<string, string> = {
  ipv4:
    "accept_local accept_redirects accept_source_route arp_accept arp_announce arp_filter arp_ignore arp_notify forwarding " +
    "log_martians promote_secondaries proxy_arp proxy_arp_pvlan route_localnet rp_filter secure_redirects send_redirects " +
    "shared_media src_valid_mark",
  ipv6:
    "accept_ra accept_ra_defrtr accept_ra_from_local accept_ra_min_hop_limit accept_ra_mtu accept_ra_pinfo " +
    "accept_ra_rt_info_max_plen accept_ra_rt_info_min_plen accept_ra_rtr_pref accept_redirects accept_source_route " +
    "addr_gen_mode autoconf disable_ipv6 forwarding hop_limit ndisc_notify proxy_ndp router_solicitations use_tempaddr",
};

/** The sysctl keys of a device; a dot in its name is a slash in them: sysctl(8). */
export const settingKeys = (device: string): string[] =>
  Object.entries(KEYS).flatMap(([family, names]) => names.split(" ").map((name) => keyOf(device, `${family}.${name}`)));

const keyOf = (device: string, setting: string): string => {
  const [family, name] = setting.split(".");
  return `net.${family}.conf.${device.replaceAll(".", "/")}.${name}`;
};

/**
 * What a device has otherwise than a new one would, as `ipv6.accept_ra`.
 * @param values those of settingKeys(device) and of settingKeys("default")
 */
export function settingsOf(device: string, values: Record<string, string>): Record<string, string> {
  const found: Record<string, string> = {};
  const usual = settingKeys("default");
  for (const [i, key] of settingKeys(device).entries()) {
    const [, family, name] = /^net\.(\w+)\..*\.(\w+)$/.exec(key)!;
    if (values[key] !== undefined && values[key] !== values[usual[i]!]) found[`${family}.${name}`] = values[key];
  }
  return found;
}

/** The same as sysctls of another device. */
export const settingsFor = (device: string, settings: Record<string, string> = {}): [string, string][] =>
  Object.entries(settings).map(([setting, value]) => [keyOf(device, setting), value]);
