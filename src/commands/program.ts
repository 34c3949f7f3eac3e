// The command line: every verb with its arguments and options. What a verb does is loaded when it is called.
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import type { Session } from "./session.js";

// biome-ignore lint/suspicious/noExplicitAny: each verb has its own arguments, which commander does not type
type Verb = (...args: any[]) => Promise<number>;
type MakeVerb = (name: string, about: string) => Command;
type Call = (load: () => Promise<Verb>) => (...args: unknown[]) => Promise<void>;

const FILE = "topology file, - for standard input (default: netlab.yaml, the only *.netlab.yaml, or topo.yaml)";

/**
 * @param words the command line, without node and script
 * @param done takes the exit code of the verb
 */
export function program(words: string[], session: Session, done: (code: number) => void): Command {
  const root = new Command("netlab")
    .description("Declarative topology reconciler for Linux network labs.")
    .option("-V, --version", "print netlab's version")
    .helpOption("-h, --help", "print this help")
    .configureOutput({
      writeOut: session.out,
      writeErr: session.err,
      outputError: (text, write) => write(text.replace(/^error: /, `${session.errPaint.red("error")}  `)),
    })
    .helpCommand("help [command]", "Print the help of a command")
    .showHelpAfterError("  cure  netlab --help shows the commands")
    .enablePositionalOptions()
    .exitOverride();
  const verb: MakeVerb = (name, about) =>
    root
      .command(name)
      .summary(about)
      .description(`${about}.`)
      .helpOption("-h, --help", "print this help")
      .showHelpAfterError(`  cure  netlab ${name} --help shows what it takes`);
  const call: Call =
    (load) =>
    async (...args) => {
      const code = await inSandbox(args.at(-1) as Command, words, session);
      if (code !== undefined) return done(code);
      const run = await load();
      // The last argument is the command itself.
      done(await run(...args.slice(0, -1), session));
    };
  const groups: [names: string, make: () => void][] = [
    ["validate plan graph", () => reading(verb, call)],
    ["apply destroy", () => changing(verb, call)],
    ["confirm take-back", () => confirming(verb, call, root)],
    ["show list check", () => live(verb, call)],
    ["logs", () => services(verb, call)],
    ["exec shell", () => inside(verb, call, words)],
    ["enable disable", () => atBoot(verb, call)],
    ["doctor", () => atHome(verb, call)],
    // Not completion, which is about all of them.
    ["version", () => about(verb, call, root)],
  ];
  // To set up all of them takes longer than most verbs do.
  const asked = groups.find(([names]) => names.split(" ").includes(words[0] ?? ""));
  for (const [, make] of asked ? [asked] : groups) make();
  return root;
}

/** The exit code of a verb that ran in a sandbox; undefined where it is to run here. */
async function inSandbox(command: Command, words: string[], session: Session): Promise<number | undefined> {
  if (!command.options.some(({ long }) => long === "--sandbox")) return undefined;
  return (await import("./sandboxed.js")).sandboxed(command, words, session);
}

const sandbox = (command: Command): Command =>
  command
    .option("--sandbox", "in the lab's sandbox: without root, and away from the machine's network")
    .option("--no-sandbox", "on the machine itself, whatever the file says");
const verbose = (what: string) => new Option("-v, --verbose", what);
const reader = () =>
  new Option(
    "--reader <reader>",
    "how the machine is read: by programs, or by netlink in this process (default: auto)",
  ).choices(["auto", "ip", "netlink"]);
const json = (what = "as JSON") => new Option("--json", what);

function reading(verb: MakeVerb, call: Call): void {
  verb("validate", "Check a topology file; needs no root")
    .argument("[file]", FILE)
    .addOption(json())
    .action(call(async () => (await import("./validate.js")).validate));
  sandbox(verb("plan", "Show what apply would change, and change nothing"))
    .argument("[file]", FILE)
    .option("--detailed-exitcode", "exit with 2 when there are changes")
    .addOption(json().conflicts("commands"))
    .option("--commands", "as a shell script that does the same without netlab")
    .option("--out <plan.json>", "save the plan for `netlab apply plan.json`")
    .option("--adopt", "plan to take over what is in the way and carries no mark")
    .addOption(reader())
    .addOption(verbose("show each change with all its fields"))
    .action(call(async () => (await import("./plan.js")).plan));
  verb("graph", "Draw the topology as Mermaid or DOT text")
    .argument("[file]", FILE)
    .addOption(new Option("--format <format>", "the language").choices(["mermaid", "dot"]).default("mermaid"))
    .action(call(async () => (await import("./graph.js")).graph));
}

function changing(verb: MakeVerb, call: Call): void {
  const common = (command: Command) =>
    sandbox(command)
      .option("-y, --yes", "do not ask")
      .addOption(json("one event a line, as JSON; does not ask"))
      .option("--lock-timeout <seconds>", "how long to wait for another netlab", seconds, 30)
      .addOption(reader())
      .option("--timing", "print how long each phase took")
      .addOption(verbose("print each command as it runs"));
  common(verb("apply", "Make the machine's networks as the file says"))
    .argument("[file]", `${FILE}; or a saved plan`)
    .option("--adopt", "take over what is in the way and carries no mark")
    .option("--uplink", "give its sandbox a way out, and publish the ports of `host.nat.forward` on 127.0.0.1")
    .option("--no-rollback", "keep the pieces when a command fails")
    .addOption(
      new Option("--confirm <seconds>", "take it back by itself unless `netlab confirm` comes in time")
        .argParser(seconds)
        .conflicts("rollback"),
    )
    .action(call(async () => (await import("./apply.js")).apply));
  common(verb("destroy", "Remove a lab, from any state"))
    .argument("[file]", `${FILE}; only its \`name\` is read`)
    .option("--lab <name>", "the lab, without a file")
    .action(call(async () => (await import("./destroy.js")).destroy));
}

function confirming(verb: MakeVerb, call: Call, root: Command): void {
  sandbox(verb("confirm", "Keep what `apply --confirm` has made"))
    .argument("[file]", `${FILE}; only its \`name\` is read`)
    .option("--lab <name>", "the lab, without a file")
    .option("--back", "take it back now instead")
    .option("--lock-timeout <seconds>", "how long to wait for another netlab", seconds, 30)
    .action(call(async () => (await import("./confirm.js")).confirm));
  // What `apply --confirm` leaves running.
  root
    .command("take-back", { hidden: true })
    .requiredOption("--lab <name>", "the lab")
    .action(call(async () => (await import("./confirm.js")).awaitConfirm));
}

function live(verb: MakeVerb, call: Call): void {
  sandbox(verb("show", "Show the live lab, and where it differs from its file"))
    .argument("[file]", FILE)
    .option("--lab <name>", "the lab, without a file")
    .addOption(json().conflicts("yaml"))
    .option("--yaml", "as a topology file")
    .addOption(verbose("add neighbours, counters and Open vSwitch's details"))
    .action(call(async () => (await import("./show.js")).show));
  verb("list", "List the labs on this machine")
    .addOption(json().conflicts(["names", "namespaces"]))
    .option("--names", "their names only, one a line")
    .option("--namespaces", "the names of their namespaces only, one a line")
    .action(call(async () => (await import("./list.js")).list));
  sandbox(verb("check", "Try whether what the file's `checks` say holds"))
    .argument("[file]", FILE)
    .addOption(json())
    .action(call(async () => (await import("./check.js")).check));
}

function services(verb: MakeVerb, call: Call): void {
  sandbox(verb("logs", "Show what the services of a lab print"))
    .argument("[service...]", "NAME, or NAMESPACE/NAME; all of them where absent")
    .option("--lab <name>", "the lab (default: that of the file in this folder)")
    .option("-f, --follow", "go on as more is printed")
    .addOption(new Option("-n, --lines <number>", "how many of the last lines").argParser(lines).default("100"))
    .action(call(async () => (await import("./logs.js")).logs));
}

function inside(verb: MakeVerb, call: Call, words: string[]): void {
  sandbox(verb("exec", "Run a command in a namespace; terminal, signals and exit code are the command's"))
    .usage("[--lab NAME] NAMESPACE -- COMMAND...")
    .argument("<namespace>", "a namespace, or host")
    .argument("<command...>", "the command and its arguments")
    .option("--lab <name>", "the lab that the namespace must belong to")
    // Without `--`, what looks like an option after the namespace is the command's.
    .passThroughOptions(!words.includes("--"))
    .action(call(async () => (await import("./exec.js")).exec));
  sandbox(verb("shell", "Open your shell in a namespace"))
    .argument("<namespace>", "a namespace, or host")
    .option("--lab <name>", "the lab that the namespace must belong to")
    .action(call(async () => (await import("./shell.js")).shell));
}

function atBoot(verb: MakeVerb, call: Call): void {
  const common = (command: Command) =>
    command.option("--unit-dir <directory>", "only the unit's file, there, without asking systemd: for an image");
  common(verb("enable", "Apply the lab at boot and destroy it at shutdown, by a systemd unit"))
    .argument("[file]", FILE)
    .option("--now", "apply it now too")
    .action(call(async () => (await import("./enable.js")).enable));
  common(verb("disable", "Remove the systemd unit of a lab"))
    .argument("[file]", `${FILE}; only its \`name\` is read`)
    .option("--lab <name>", "the lab, without a file")
    .option("--now", "destroy it now too")
    .action(call(async () => (await import("./enable.js")).disable));
}

function atHome(verb: MakeVerb, call: Call): void {
  verb("doctor", "Look whether this machine has what labs need, or what the file's lab needs")
    .argument("[file]", "topology file, - for standard input (default: none, any lab)")
    .addOption(json())
    .action(call(async () => (await import("./doctor.js")).doctor));
}

function about(verb: MakeVerb, call: Call, root: Command): void {
  verb("completion", "Print the completion script of a shell")
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .action(call(async () => (await import("./completion.js")).completion(root)));
  verb("version", "Print the versions of netlab, node, the kernel and the tools")
    .addOption(json())
    .action(call(async () => (await import("./version.js")).version));
}

function seconds(text: string): number {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number) || number < 0 || number > 86_400)
    throw new InvalidArgumentError("It is a number of seconds, 0 to 86400.");
  return Math.ceil(number);
}

function lines(text: string): string {
  if (/^\d{1,9}$/.test(text)) return text;
  throw new InvalidArgumentError("It is a number of lines.");
}
