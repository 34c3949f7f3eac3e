// A session that remembers what was said.
import type { Session } from "../../../src/commands/session.js";
import { paint } from "../../../src/report/color.js";

export interface FakeSession extends Session {
  stdout: string;
  stderr: string;
  questions: string[];
}

/** @param answer what the terminal says to each question; without one nobody is there to answer */
export function fakeSession(answer?: string): FakeSession {
  const session: FakeSession = {
    stdout: "",
    stderr: "",
    questions: [],
    out: (text) => {
      session.stdout += text;
    },
    err: (text) => {
      session.stderr += text;
    },
    outPaint: paint(false),
    errPaint: paint(false),
    errTerminal: false,
    columns: 80,
    interactive: answer !== undefined,
    debug: false,
    ask: async (question) => {
      session.questions.push(question);
      return answer;
    },
  };
  return session;
}
