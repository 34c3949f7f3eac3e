// Bounded concurrency.

/** Calls `work` for each item, `most` at once, in order; after the first that throws none begins, and its error is thrown. */
export async function inParallel<T>(items: T[], most: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  let stopped = false;
  const worker = async () => {
    for (const item of rest) {
      if (stopped) return;
      await work(item).catch((error) => {
        stopped = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
}
