// `ethtool -k '*'` → the devices whose transmit checksum is left to the hardware; ethtool(8).

/** Names of the devices for which `ethtool -K DEVICE tx off` would change something. */
export function parseOffload(output: string): string[] {
  const names: string[] = [];
  let name: string | undefined;
  for (const line of output.split("\n")) {
    name = /^Features for (.+):$/.exec(line)?.[1] ?? name;
    if (name !== undefined && line.startsWith("tx-checksumming: on")) names.push(name);
  }
  return names.sort();
}
