/** Of a state's name, in characters. */
export const ASL_NAME_LIMIT = 80;

/**
 * Names of ASL states. A state of Stile keeps its own where ASL allows for its length; what is made for it has a blank in its name, which no
 * state of Stile has, so the two never meet.
 */
export class AslNames {
  private readonly names = new Map<string, string>();
  private readonly taken = new Set<string>();
  /** Names that had to be cut. */
  readonly cut: string[] = [];

  /** The same name for the same text, another for another. */
  of(text: string): string {
    const known = this.names.get(text);
    if (known !== undefined) return known;
    const name = this.free(text);
    this.names.set(text, name);
    this.taken.add(name);
    if (name !== text) this.cut.push(text);
    return name;
  }

  private free(text: string): string {
    if (text.length <= ASL_NAME_LIMIT && !this.taken.has(text)) return text;
    for (let number = 1; ; number++) {
      const suffix = `~${number}`;
      const name = text.slice(0, ASL_NAME_LIMIT - suffix.length) + suffix;
      if (!this.taken.has(name)) return name;
    }
  }
}
