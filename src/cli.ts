#!/usr/bin/env node
// argv to command to exit code. The only reader of process.argv.
const words = process.argv.slice(2);

// The one question that scripts ask often is answered before anything is loaded.
if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
  const { netlabVersion } = await import("./commands/netlab-version.js");
  process.stdout.write(`${netlabVersion()}\n`);
} else {
  const { main } = await import("./commands/main.js");
  // Not process.exit(): what was written to a pipe must arrive.
  process.exitCode = await main(words);
}
