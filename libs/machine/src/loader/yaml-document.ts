import { isAlias, LineCounter, parseAllDocuments, visit, type Alias, type Document, type Node, type ParsedNode } from 'yaml';
import type { Problem } from '../core/errors';

/** Aliases in one document, and uses that one anchor may come to once nested ones are multiplied out. */
const MAX_ALIASES = 1000;
/** Nodes that may be read of one file, aliases followed: a file of 256 KB has no more without them. */
const MAX_NODES = 200_000;

/** Syntax errors told of one document: most follow from the first. */
const MAX_ERRORS = 10;

/** Thrown while reading, caught by {@link readDocuments}. */
class AliasBombError extends Error {}

/** One document of a file: finds lines, follows aliases, collects problems. */
export class YamlDocument {
  private nodesRead = 0;

  constructor(
    readonly file: string,
    readonly contents: Node | null,
    readonly problems: Problem[],
    private readonly lines: LineCounter,
    private readonly targets: ReadonlyMap<Alias, Node>,
  ) {}

  /** The node itself, or what the alias stands for. */
  follow(node: unknown): Node | undefined {
    if (++this.nodesRead > MAX_NODES) throw new AliasBombError();
    return isAlias(node) ? this.targets.get(node) : ((node ?? undefined) as Node | undefined);
  }

  lineOf(node: Node | null | undefined): number {
    return this.lines.linePos(node?.range?.[0] ?? 0).line;
  }

  error(rule: string, message: string, at: Node | null | undefined): void {
    this.problems.push({ severity: 'error', rule, message, file: this.file, line: this.lineOf(at) });
  }
}

/**
 * Parses a text as YAML 1.2 with the core schema and merge keys, and has every document that is sound read.
 * Never throws: syntax errors, foreign tags and alias bombs are problems.
 */
export function readDocuments(text: string, file: string, problems: Problem[], read: (document: YamlDocument) => void): void {
  const lines = new LineCounter();
  const at = (offset: number): number => lines.linePos(offset).line || 1;
  const report = (rule: string, message: string, line: number) => problems.push({ severity: 'error', rule, message, file, line });
  try {
    const options = {
      lineCounter: lines,
      prettyErrors: false,
      merge: true,
      schema: 'core',
      version: '1.2',
    } as const;
    const parsed = parseAllDocuments(text, { ...options, logLevel: 'silent' });
    const documents = Array.isArray(parsed) ? parsed : [];
    const full = documents.filter((document) => document.contents !== null || document.errors.length > 0);
    if (full.every(isEmpty) && problems.length === 0) {
      return void report('empty', 'the file holds no machines; begin with "machines:"', 1);
    }
    for (const document of full) {
      for (const { code, message, pos } of document.errors.slice(0, MAX_ERRORS)) {
        if (code === 'DUPLICATE_KEY') report('duplicate-key', 'this key is there twice; drop one', at(pos[0]));
        else report('yaml-syntax', message, at(pos[0]));
      }
      for (const { message, pos } of document.warnings) report('custom-tag', `${message}; only plain YAML is read`, at(pos[0]));
      if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY') || isEmpty(document)) continue;
      const targets = aliasTargets(document, (rule, message, node) => report(rule, message, at(node.range?.[0] ?? 0)));
      if (targets) read(new YamlDocument(file, document.contents, problems, lines, targets));
    }
  } catch (error) {
    if (error instanceof AliasBombError) report('alias-bomb', BOMB, 1);
    else report('yaml-syntax', `cannot be parsed: ${error instanceof RangeError ? 'it is nested too deeply' : String(error)}`, 1);
  }
}

const BOMB = `its aliases stand for too much (more than ${MAX_ALIASES} uses or ${MAX_NODES} values); write it out, or split the file`;

function isEmpty({ contents, errors }: Document.Parsed<ParsedNode>): boolean {
  return errors.length === 0 && (contents === null || ('value' in contents && contents.value === null));
}

/** What each alias stands for; nothing when one of them is wrong, which is reported. */
function aliasTargets(
  document: Document.Parsed<ParsedNode>,
  report: (rule: string, message: string, node: Node) => void,
): ReadonlyMap<Alias, Node> | undefined {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  let sound = true;
  const refuse = (rule: string, message: string, node: Node): void => {
    sound = false;
    report(rule, message, node);
  };
  visit(document, {
    Node: (_key, node, path) => {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchors.set(node.anchor, node);
        return undefined;
      }
      const target = anchors.get(node.source);
      if (!target) refuse('unknown-alias', `alias *${node.source} comes before its anchor, or has none`, node);
      else if (path.includes(target)) refuse('alias-cycle', `alias *${node.source} stands inside what it stands for`, node);
      else targets.set(node, target);
      if (targets.size <= MAX_ALIASES) return undefined;
      refuse('alias-bomb', BOMB, node);
      return visit.BREAK;
    },
  });
  if (!sound || targets.size === 0) return sound ? targets : undefined;
  try {
    document.toJS({ maxAliasCount: MAX_ALIASES, mapAsMap: true });
  } catch (error) {
    const bomb = error instanceof ReferenceError && /Excessive alias count/.test(error.message);
    refuse(bomb ? 'alias-bomb' : 'yaml-syntax', bomb ? BOMB : String(error), document.contents ?? [...targets.keys()][0]!);
  }
  return sound ? targets : undefined;
}
