// One thing that the doctor has looked at.

export interface Finding {
  topic: string;
  name: string;
  /** `problem`: the lab, or where none is given any lab, cannot run so. `note`: something will not work, or may surprise. */
  level: "ok" | "note" | "problem";
  /** What was found, in a few words. */
  found: string;
  /** What to do: a command where there is one. */
  cure?: string;
}

type Make = (name: string, found: string, cure?: string) => Finding;

/** Makes the findings of one topic. */
export function topic(subject: string) {
  const of =
    (level: Finding["level"]): Make =>
    (name, found, cure) => ({ topic: subject, name, level, found, ...(cure !== undefined && { cure }) });
  const [ok, note, problem] = [of("ok"), of("note"), of("problem")];
  return {
    ok,
    note,
    problem,
    /** A problem for what needs it, a note where nobody is asked about; to a lab that does not need it, nothing. */
    lack: (isNeeded: boolean, needs: object | undefined, ...words: Parameters<Make>): Finding[] =>
      isNeeded ? [problem(...words)] : needs ? [] : [note(...words)],
  };
}
