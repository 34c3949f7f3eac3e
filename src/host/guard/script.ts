// netlab's own scripts for sh(1), and what they are about. The words of a service's command are the user's: no shell reads them.
import { REMOVE, WRITE } from "../../kinds/etc-file.js";
import { CLEAN, parseSupervisor, RELEASE, START, STOP, servicesFolder } from "../../kinds/service-words.js";
import { HOST } from "../../topology/lab.js";
import type { Trouble } from "./guard.js";

/** Folders of services; neither names nor labs can begin with a dot. */
const SERVICE = /^\/run\/netlab\/[a-z0-9-]+\/services\/[A-Za-z0-9][A-Za-z0-9_.-]*\/[A-Za-z0-9][A-Za-z0-9_.-]*$/;
const ETC_FILE = /^\/etc\/netns\/[A-Za-z0-9][A-Za-z0-9_.-]*\/[A-Za-z0-9][A-Za-z0-9_.-]*$/;

export function scriptTrouble([option, script = "", name = "", subject = "", ...rest]: string[]): Trouble {
  if (option !== "-c" || !/^netlab-[a-z]+$/.test(name)) return [name, "is no script of netlab's"];
  if ([subject, ...rest].some((arg) => arg.includes("\0"))) return [name, "has a NUL byte among its words"];
  switch (script) {
    case STOP:
      return stopTrouble([subject, ...rest]);
    case WRITE:
    case REMOVE:
      if (ETC_FILE.test(subject) && rest.length === 0) return undefined;
      return [subject, "is no file of a namespace"];
    case CLEAN:
    case RELEASE:
      return SERVICE.test(subject) && rest.length === 0 ? undefined : [subject, "is no folder of a service"];
    case START:
      return SERVICE.test(subject) ? startTrouble(subject, rest) : [subject, "is no folder of a service"];
    default:
      return [script, "is no script of netlab's"];
  }
}

/** PID START */
function stopTrouble(words: string[]): Trouble {
  const wrong = words.find((word, index) => !/^[1-9][0-9]*$/.test(word) || (index === 0 && word === "1"));
  if (words.length !== 2 || wrong !== undefined) return [wrong ?? words.join(" "), "is no process"];
  return undefined;
}

/** The folder says whose service it is and where: it is started there, as that. */
function startTrouble(folder: string, words: string[]): Trouble {
  const [, , , , , place = ""] = folder.split("/");
  const inside = place === HOST ? [] : ["ip", "netns", "exec", place];
  const head = [...inside, "env", "-i"];
  const wrong = head.findIndex((word, index) => words[index] !== word);
  if (wrong >= 0) return [words[wrong] ?? "", "is not how a service is started"];
  const rest = words.slice(head.length);
  const supervisor = rest.slice(rest.findIndex((word) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(word)));
  const said = parseSupervisor(supervisor);
  if (!said || `${servicesFolder(said.lab)}/${said.place}/${said.name}` !== folder)
    return [supervisor.slice(4, 7).join(" "), `is not the service of ${folder}`];
  return undefined;
}
