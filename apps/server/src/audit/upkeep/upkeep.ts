/** Work of which one round is under way at a time. */
export interface Upkeep {
  /** Resolves when a round has ended that began after this call; throws what that round threw. */
  run(): Promise<void>;
  /** The same where nobody waits: what fails is told, and tried again with the next one. */
  runQuietly(): void;
}

export function createUpkeep(round: () => Promise<void>, onFailed: (error: unknown) => void): Upkeep {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const run = (): Promise<void> => {
    if (!running) return (running = round().finally(() => (running = null)));
    return (next ??= running
      .catch(() => {})
      .then(() => {
        next = null;
        return run();
      }));
  };
  return { run, runQuietly: () => void run().catch(onFailed) };
}
