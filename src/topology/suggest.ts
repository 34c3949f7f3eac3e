// "Did you mean": the nearest known word to a mistyped one.

/** Edits (insert, delete, replace, swap of neighbours) from a to b: the optimal string alignment distance. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The nearest of the known words, if one is near enough to be meant. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let least = limit + 1;
  const small = word.toLowerCase();
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const edits = distance(small, candidate.toLowerCase());
    if (edits < least && edits < candidate.length) [best, least] = [candidate, edits];
  }
  return best;
}

/** `did you mean "br-lan"?`, or nothing where no known word is near. */
export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const best = word.length > 100 ? undefined : nearest(word, known);
  return best === undefined ? undefined : `did you mean "${best}"?`;
}
