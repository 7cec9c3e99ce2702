/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (): void => {
      if (asked) process.exit(130);
      asked = true;
      resolve();
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
  });
}

/**
 * Ends this process at a signal for which nobody else listens. A part drains once it has started; until then the system would end it, but
 * not process 1 of a container, which a signal without a listener does not reach.
 */
export function endWhileNobodyDrains(): void {
  for (const [signal, code] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) === 1) process.exit(code);
    });
  }
}
