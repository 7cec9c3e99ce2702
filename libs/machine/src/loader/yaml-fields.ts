import { isMap, isScalar, isSeq, type Node, type Pair } from 'yaml';
import { parseDuration } from '../core/duration';
import { quote } from '../core/names';
import { hint } from '../core/suggest';
import type { YamlDocument } from './yaml-document';

interface Field {
  readonly key: Node;
  readonly value: Node | undefined;
}

/**
 * The fields of one YAML map, each read as the type it should have. Whatever is of another type is reported with its line, and
 * read as if it were not there.
 */
export class YamlFields {
  /** A list, a flag or a part that is there could not be read: more than one value is lost. */
  broken = false;
  private readonly fields = new Map<string, Field>();

  private constructor(
    private readonly document: YamlDocument,
    readonly node: Node,
    /** What the map is, for messages: `machine "order"`. */
    public what: string,
  ) {}

  /**
   * Nothing when the node is no map, or an empty one; which is reported.
   *
   * @param known the fields it may have. @default any: they are the author's own names
   */
  static of(document: YamlDocument, node: Node | undefined, what: string, known?: readonly string[]): YamlFields | undefined {
    if (!isMap(node)) {
      document.error(isNull(node) ? 'empty' : 'wrong-type', `${what} is ${describe(node)}; give a map of fields`, node);
      return undefined;
    }
    const fields = new YamlFields(document, node, what);
    fields.collect(node, known);
    return fields;
  }

  has(field: string): boolean {
    return this.fields.has(field);
  }

  names(): readonly string[] {
    return [...this.fields.keys()];
  }

  isMap(field: string): boolean {
    return isMap(this.fields.get(field)?.value);
  }

  keyOf(field: string): Node | undefined {
    return this.fields.get(field)?.key;
  }

  lineOf(field: string): number | undefined {
    const key = this.fields.get(field)?.key;
    return key && this.document.lineOf(key);
  }

  /** A name. A number or boolean is reported, and still taken by its text: one slip is one problem. */
  text(field: string): string | undefined {
    const value = this.scalar(field, 'a text');
    if (typeof value === 'string' || value === undefined) return value;
    this.refuse(field, `${describeValue(value)}; give a text: put it in quotes`);
    return String(value);
  }

  /** A name that must be there. */
  requiredText(field: string): string | undefined {
    const text = this.text(field);
    if (text !== undefined && text !== '') return text;
    if (text === '' || !this.has(field))
      this.document.error('empty', `${this.what} has no ${field}`, this.keyOf(field) ?? this.node);
    return undefined;
  }

  /** A list of names, see {@link text}. */
  texts(field: string): readonly string[] | undefined {
    if (!isSeq(this.fields.get(field)?.value)) return void this.list(field);
    const texts: string[] = [];
    for (const item of this.list(field)) {
      const value: unknown = isScalar(item) ? item.value : undefined;
      if (typeof value !== 'string') {
        this.document.error(
          'wrong-type',
          `an item of ${field} of ${this.what} is ${describe(item)}; give a text: put it in quotes`,
          item,
        );
      }
      if (value !== undefined && value !== null) texts.push(String(value as string | number));
    }
    return texts;
  }

  /** Reports a field that is not there. */
  require(field: string): void {
    if (!this.has(field)) this.document.error('empty', `${this.what} has no ${field}`, this.node);
  }

  refuseKey(rule: string, field: string, message: string): void {
    this.document.error(rule, message, this.keyOf(field));
  }

  number(field: string): number | undefined {
    const value = this.scalar(field, 'a number');
    if (typeof value === 'number' || value === undefined) return value;
    return this.refuse(field, `${describeValue(value)}; give a number${typeof value === 'string' ? ', without quotes' : ''}`);
  }

  boolean(field: string): boolean | undefined {
    const value = this.scalar(field, 'true or false');
    if (typeof value === 'boolean') return value;
    this.broken ||= this.has(field);
    return value === undefined ? undefined : this.refuse(field, `${describeValue(value)}; give true or false`);
  }

  /** ms */
  duration(field: string): number | undefined {
    const wanted = 'a duration such as 500ms, 30s, 5m, 2h or 7d';
    const value = this.scalar(field, wanted);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') return this.refuse(field, `${describeValue(value)}; give ${wanted}, with its unit`);
    return parseDuration(value) ?? this.refuse(field, `${describeValue(value)}; give ${wanted}`, 'bad-number');
  }

  list(field: string): readonly Node[] {
    const found = this.present(field, 'a list');
    if (found && !isSeq(found)) this.refuse(field, `${describe(found)}; give a list, each item after a dash`);
    if (!isSeq(found)) {
      this.broken ||= this.has(field);
      return [];
    }
    // An item that is written as nothing has no node: it is the list's own fault then.
    return found.items.map((item) => this.document.follow(item) ?? found);
  }

  map(field: string, what: string, known?: readonly string[]): YamlFields | undefined {
    const found = this.present(field, 'a map of fields');
    return found && YamlFields.of(this.document, found, what, known);
  }

  private scalar(field: string, wanted: string): string | number | boolean | bigint | undefined {
    const found = this.present(field, wanted);
    if (!found) return undefined;
    if (isScalar(found)) return found.value as string | number | boolean | bigint;
    return this.refuse(field, `${describe(found)}; give ${wanted}`);
  }

  /** The value of a field; a field with nothing behind it is reported. */
  private present(field: string, wanted: string): Node | undefined {
    const found = this.fields.get(field);
    if (!found) return undefined;
    if (!isNull(found.value)) return found.value;
    return this.refuse(field, `empty; give ${wanted}, or leave the line out`, 'empty');
  }

  private refuse(field: string, problem: string, rule = 'wrong-type'): undefined {
    this.document.error(rule, `${field} of ${this.what} is ${problem}`, this.keyOf(field));
    return undefined;
  }

  /** Own keys win over merged ones (`<<`), and of these the earlier over the later. */
  private collect(map: Node, known: readonly string[] | undefined): void {
    const merged: (Node | undefined)[] = [];
    for (const { key, value } of isMap(map) ? (map.items as Pair<Node, Node | null>[]) : []) {
      // The author's own names are taken by their text, also where YAML reads a number.
      const name = isScalar(key)
        ? !known && typeof key.value === 'number'
          ? (key.source ?? String(key.value))
          : key.value
        : undefined;
      const item = this.document.follow(value);
      if (typeof name === 'symbol') merged.push(...(isSeq(item) ? item.items : [item]).map((part) => this.document.follow(part)));
      else if (typeof name !== 'string' || (known && !known.includes(name))) this.unknown(key, known);
      else if (!this.fields.has(name)) this.fields.set(name, { key, value: item });
    }
    for (const part of merged) {
      if (isMap(part)) this.collect(part, known);
      else
        this.document.error('wrong-type', `what is merged into ${this.what} is ${describe(part)}; give an alias of a map`, map);
    }
  }

  private unknown(key: Node, known: readonly string[] | undefined): void {
    const name = isScalar(key) ? String(key.value) : 'of another type than text';
    if (!known) {
      this.document.error('wrong-type', `${this.what} has ${quote(name)} as a name; give a text: put it in quotes`, key);
      return;
    }
    this.document.error('unknown-key', `${this.what} has no field ${quote(name)}; ${hint(name, known)}`, key);
  }
}

function isNull(node: Node | undefined): boolean {
  return node === undefined || (isScalar(node) && node.value === null);
}

function describe(node: Node | undefined): string {
  if (isNull(node)) return 'empty';
  if (isScalar(node)) return describeValue(node.value);
  return isSeq(node) ? 'a list' : 'a map';
}

function describeValue(value: unknown): string {
  return typeof value === 'string' ? quote(value) : `${String(value)} (a ${typeof value})`;
}
