// What is being done right now: one line that is redrawn on a terminal, and now and then a plain line elsewhere.
import type { Event, Phase } from "../engine/events.js";
import type { Paint } from "./color.js";
import { commandLine } from "./command-line.js";
import { count, duration, oneLine } from "./words.js";

export interface ProgressOptions {
  write: (text: string) => void;
  paint: Paint;
  /** The line can be redrawn. */
  terminal: boolean;
  /** Columns of the terminal. */
  columns?: number;
  /** Prints each command as it runs. */
  verbose?: boolean;
  /** With times, and each step as it is done. */
  debug?: boolean;
  /** Milliseconds of a clock that never goes back. */
  now?: () => number;
}

export interface Progress {
  on(event: Event): void;
  /** No line until the next phase, so that other text can be printed and a question asked. */
  rest(): void;
  /** No more lines; the timer ends. */
  end(): void;
}

const TITLES: Record<Phase, string> = {
  read: "Reading the live state",
  plan: "Planning",
  execute: "Applying",
  verify: "Verifying",
  rollback: "Rolling back",
};
/** What takes less is not worth a line. */
const PATIENCE = { terminal: 1000, plain: 5000 };
const REDRAW = 100;

interface Work {
  phase: Phase;
  total: number | undefined;
  done: number;
  began: number;
  shown: number;
}

export function progress(options: ProgressOptions): Progress {
  const { write, paint, terminal, verbose = false, debug = false, now = () => performance.now() } = options;
  const start = now();
  let work: Work | undefined;
  let drawn = false;

  const clear = () => {
    if (drawn) write("\r\u001b[K");
    drawn = false;
  };
  const say = (text: string) => {
    clear();
    write(`${debug ? paint.dim(`[${((now() - start) / 1000).toFixed(3)}] `) : ""}${text}\n`);
  };
  const draw = () => {
    if (!work) return;
    const { since, wait } = { since: now() - work.began, wait: terminal ? PATIENCE.terminal : PATIENCE.plain };
    if (since < wait || now() - work.shown < (terminal ? REDRAW : wait)) return;
    work.shown = now();
    const line = progressLine(work, since);
    if (!terminal) return say(line);
    write(`\r\u001b[K${line.slice(0, (options.columns ?? 80) - 1)}`);
    drawn = true;
  };
  const timer = terminal ? setInterval(draw, REDRAW) : undefined;
  timer?.unref();

  const rest = () => {
    clear();
    work = undefined;
  };

  return {
    rest,
    end() {
      rest();
      clearInterval(timer);
    },
    on(event) {
      if (event.type === "phase") {
        clear();
        work = { phase: event.phase, total: event.total, done: 0, began: now(), shown: 0 };
        if (debug) say(`${TITLES[event.phase]}${event.total === undefined ? "" : `: ${count(event.total)} steps`}`);
      } else if (event.type === "step") {
        if (work) Object.assign(work, { done: work.done + 1, total: event.total });
        if (debug) say(paint.dim(`done ${event.number}/${event.total} ${event.action} ${oneLine(event.id)}`));
        draw();
      } else if (event.type === "command") {
        if (verbose || debug) say(`${paint.dim("$")} ${commandLine(event.command)}`);
      } else {
        const text = newsOf(event);
        if (text) say(text);
      }
    },
  };
}

function newsOf(event: Event): string | undefined {
  if (event.type === "waiting") return `Waiting for ${oneLine(event.holder)} (up to ${event.timeout} s) …`;
  if (event.type === "again") return `${oneLine(event.why)}: doing what is missing once more …`;
  if (event.type === "rollback") return `${oneLine(event.why).replace(/[.:]$/, "")}: putting the lab back as it was …`;
  return undefined;
}

/** `Applying  1,234 of 5,000  820/s  5 s left` */
function progressLine({ phase, total, done }: Work, ms: number): string {
  const title = TITLES[phase];
  if (!total || done === 0) return `${title}  ${duration(ms)}`;
  const rate = done / (ms / 1000);
  const left = done < total ? `  ${duration(Math.ceil((total - done) / rate) * 1000)} left` : "";
  return `${title}  ${count(done)} of ${count(total)}  ${rate >= 10 ? count(Math.round(rate)) : rate.toFixed(1)}/s${left}`;
}
