// Numbers, plurals and durations in running text, and text of others made safe to print.

/** `1,234` */
export const count = (n: number): string => String(n).replace(/\B(?=(?:\d{3})+$)/g, ",");

/** `1 change`, `12 changes` */
export const plural = (n: number, one: string, many = `${one}s`): string => `${count(n)} ${n === 1 ? one : many}`;

/** `40 ms`, `1.2 s`, `2 min 5 s` */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** One line without control characters: names and messages that come from elsewhere must not steer the terminal. */
export function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
}
