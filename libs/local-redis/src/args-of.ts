/** Settings as a server's program takes them: `--name value` each. */
export function argsOf(settings: Readonly<Record<string, string>>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}
