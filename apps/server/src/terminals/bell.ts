/** Wakes everyone who waits for something to change. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring. */
  next(): Promise<void>;
}

export function createBell(): Bell {
  let wake: () => void = () => {};
  let ringing = new Promise<void>((resolve) => {
    wake = resolve;
  });
  return {
    ring() {
      const done = wake;
      ringing = new Promise<void>((resolve) => {
        wake = resolve;
      });
      done();
    },
    next: () => ringing,
  };
}
