// Back to the state that was read before the first change.
import { behaviourOf } from "../core/behaviour.js";
import type { Plan, Planned } from "../core/plan.js";
import { makePlan } from "../core/planner.js";
import type { Resource, State } from "../core/resource.js";
import { type Machine, MachineError } from "../host/machine.js";
import type { JournalRows, Rows } from "../kinds/rows.js";
import type { ApplyOptions, Trouble } from "./apply.js";
import type { Difference, Failure, Result } from "./events.js";
import { execute } from "./execute.js";
import { failing, failureFrom, together } from "./failures.js";
import { noteAsItWas, noteBefore, noteRestored } from "./journal.js";
import { model } from "./model.js";
import { type Live, liveState } from "./state.js";
import { missing, missingGuests, strangersOf } from "./strangers.js";
import { verify } from "./verify.js";

/** Plans from where things are to where they were, carries it out, and verifies it. With `rollback: false` only says what is left. */
export async function rollBack(
  planned: Planned & { rows: Rows },
  trouble: Trouble,
  machine: Machine,
  options: ApplyOptions,
): Promise<Omit<Result, "timing">> {
  const { plan, desired, live, rows } = planned;
  const reason = options.signal?.reason;
  const signal =
    trouble.interrupted && (reason === "SIGINT" || reason === "SIGTERM") ? { signal: reason as "SIGINT" } : {};
  const failed = (first: Failure | undefined) => (first ? { failure: first } : {});
  if (trouble.failure) options.on?.({ type: "failed", failure: trouble.failure });
  const before = asItWas(live, desired);
  const read = () => liveState(plan.lab, { ...desired, ...before }, machine, options.adopt);
  const look = async () => (await read()).state;
  if (options.rollback === false) {
    const isDestroy = Object.keys(desired).length === 0;
    const left = (await differences(isDestroy ? desired : before, look)) ?? opposite(plan);
    return { outcome: "left-behind", plan, ...failed(trouble.failure), ...signal, left };
  }
  options.on?.({ type: "rollback", why: trouble.failure?.message ?? `interrupted by ${reason}` });
  const strangers = strangersOf(planned);
  const way = { lab: plan.lab, desired, before, strangers, journal: rows.journal };
  const { left = opposite(plan), failure } = await backTo(way, machine, options);
  const { gone, failure: unseen } = await missing(strangers, look);
  const remade = trouble.deleted ?? [];
  const outcome = left.length > 0 ? "left-behind" : "rolled-back";
  return {
    outcome,
    plan,
    ...failed(together(together(trouble.failure, failure), unseen)),
    ...signal,
    left,
    ...(gone.length > 0 && { gone }),
    ...(remade.length > 0 && { remade }),
  };
}

/** From what was asked for to what was there before it. */
export interface WayBack {
  lab: string;
  desired: State;
  before: State;
  /** Things of others that may have gone meanwhile. */
  strangers?: State;
  /** Names that the lab had noted before. */
  journal: Pick<JournalRows, "namespaces" | "devices" | "routes">;
}

/** What differs from before at the end of the way back, and what went wrong on it. */
export interface Back {
  /** Absent where the machine cannot even be read. */
  left?: Difference[];
  failure?: Failure;
}

/** Goes the way back, from wherever things are. */
export async function backTo(way: WayBack, machine: Machine, options: ApplyOptions): Promise<Back> {
  const { lab, desired, before, strangers = {}, journal } = way;
  const end = await back(
    lab,
    before,
    strangers,
    () => liveState(lab, { ...desired, ...before }, machine, options.adopt),
    machine,
    options,
  );
  if (end.left?.length !== 0) return end;
  const failure = await failing(() => noteAsItWas(lab, before, journal, machine));
  return failure ? { left: end.left, failure } : { left: end.left };
}

/**
 * What the lab had, as a wish: its own things, and the kernel's that the plan was about or that may go with the lab's
 * namespaces. What the journal knows the previous value of is not wished: when it is the lab's no more, all of it
 * comes back.
 */
export function asItWas(live: State, desired: State): State {
  const isNoted = (r: Resource) => behaviourOf(model, r).note?.("update", r, live)?.sysctls !== undefined;
  const isKept = (r: Resource) =>
    r.id in desired || (behaviourOf(model, r).settled === true && live[`namespace:${r.place}`]?.owner === "lab");
  const state: State = {};
  for (const [id, r] of Object.entries(live))
    if (r.owner === "lab" || (r.owner === "ambient" && isKept(r) && !isNoted(r))) state[id] = r;
  return state;
}

async function back(
  lab: string,
  before: State,
  strangers: State,
  read: () => Promise<Live>,
  machine: Machine,
  options: ApplyOptions,
): Promise<Back> {
  const look = async () => (await read()).state;
  try {
    const { state: live, rows } = await read();
    const plan = makePlan(model, { lab, desired: { ...before, ...missingGuests(strangers, live) }, live });
    await noteBefore(plan, before, live, rows.journal, machine);
    const { on, batch } = options;
    const done = await execute(plan, before, machine, {
      ...(on && { on }),
      ...(batch && { batch }),
      look,
      onward: true,
    });
    if (!done.failure) await noteRestored(lab, before, machine);
    return { left: await verify(before, look), ...(done.failure && { failure: done.failure }) };
  } catch (error) {
    const failure = failureFrom(error);
    const left = await differences(before, look);
    return { failure, ...(left && { left }) };
  }
}

/** What differs now; undefined where the machine cannot even be read. */
async function differences(before: State, look: () => Promise<State>): Promise<Difference[] | undefined> {
  try {
    return await verify(before, look, 0);
  } catch (error) {
    if (!(error instanceof MachineError)) throw error;
    return undefined;
  }
}

/** All that may have to be undone. */
function opposite({ changes }: Plan): Difference[] {
  const action = { create: "delete", delete: "create", update: "update", replace: "replace" } as const;
  return changes.map((change) => ({ id: change.id, action: action[change.action], fields: [] }));
}
