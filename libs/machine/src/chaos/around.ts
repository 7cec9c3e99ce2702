/** The same port, with something around each of its calls. `call` makes the call itself. */
export function around<T extends object>(
  port: T,
  wrap: (method: string, args: readonly unknown[], call: () => unknown) => unknown,
): T {
  return new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      const method = value as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => wrap(name, args, () => method.apply(target, args));
    },
  });
}
