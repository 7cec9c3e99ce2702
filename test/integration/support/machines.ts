import { sketch } from './world';

/** Two steps and an end; `hook` runs in each `do`. */
export const plain = (name: string, hook: (context: Record<string, unknown>) => unknown = () => undefined) =>
  sketch(name, {
    a: {
      retry: { baseMs: 5, capMs: 20 },
      do: async (context) => {
        await hook(context);
        return 'go';
      },
      on: { go: 'b' },
    },
    b: { final: true },
  });

/** Counts to twenty in `n`, a committed step of 20 ms each: there is time to break something. */
export const twentyTimes = (name: string) =>
  sketch(name, {
    a: {
      do: async (context) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        context.n = ((context.n as number | undefined) ?? 0) + 1;
        return context.n < 20 ? 'more' : 'end';
      },
      on: { more: 'a', end: 'b' },
    },
    b: { final: true },
  });
