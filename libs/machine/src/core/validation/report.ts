import type { Problem } from '../errors';
import type { DefinitionPart, MachineSource } from '../machine-source';

/** Collects the problems of one source, each with its place: file and line where the source knows them. */
export class Report {
  readonly problems: Problem[] = [];

  constructor(private readonly source: MachineSource) {}

  error(rule: string, message: string, part: DefinitionPart = {}): void {
    this.add('error', rule, message, part);
  }

  warning(rule: string, message: string, part: DefinitionPart = {}): void {
    this.add('warning', rule, message, part);
  }

  private add(severity: Problem['severity'], rule: string, message: string, part: DefinitionPart): void {
    const place = this.source.locate?.(part);
    this.problems.push({ severity, rule, message, ...(place ?? { where: this.where(part) }) });
  }

  private where({ state, event }: DefinitionPart): string {
    const { origin } = this.source;
    return `${origin}${state === undefined ? '' : `, state "${state}"`}${event === undefined ? '' : `, event "${event}"`}`;
  }
}
