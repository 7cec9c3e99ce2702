import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep, win32 } from 'node:path';
import type { Problem } from '../core/errors';
import type { MachineSource } from '../core/machine-source';
import { quote } from '../core/names';
import { readDocuments, type YamlDocument } from './yaml-document';
import { YamlFields } from './yaml-fields';
import { MACHINE_KEYS, YamlMachine } from './yaml-machine';
import { checkSize, readYamlText, type YamlText } from './yaml-text';

/**
 * What files came to. `problems` are those of reading; what the definitions themselves lack, `bindAll` tells with file and line.
 * A source whose file has an error is given all the same, so that both kinds come together: run it only when there is none.
 */
export interface Loaded {
  readonly sources: readonly MachineSource[];
  readonly problems: readonly Problem[];
}

/** A file to read. */
export interface YamlFileName {
  readonly path: string;
  /** What messages call it. @default its path */
  readonly shown?: string;
  /** Folder that its imports must stay in, symbolic links followed. @default the file's own */
  readonly root?: string;
}

/** Reads machine definitions. Imports are followed, each file once; they are relative to the file they stand in. */
export function loadYamlFiles(files: readonly (string | YamlFileName)[]): Loaded {
  const loading = new YamlLoading();
  for (const file of files) {
    const { path, shown = path, root = dirname(path) }: YamlFileName = typeof file === 'string' ? { path: file } : file;
    loading.named({ shown, path: resolve(path) }, resolve(root));
  }
  return loading;
}

/** Reads one text that has no files beside it: imports are problems. */
export function loadYamlText(text: string, file: string): Loaded {
  const loading = new YamlLoading();
  loading.text(checkSize(text), file, (document, fields) => {
    document.error('import-not-allowed', 'this text cannot import files; put the machines in it', fields.keyOf('import'));
  });
  return loading;
}

interface YamlFile {
  /** As messages show it. */
  readonly shown: string;
  /** Absolute. */
  readonly path: string;
}

interface Importer extends YamlFile {
  readonly root: string;
  /** The files that led here, by real path, with what messages call them. */
  readonly chain: ReadonlyMap<string, string>;
}

type OnImport = (document: YamlDocument, fields: YamlFields) => void;

class YamlLoading implements Loaded {
  readonly sources: MachineSource[] = [];
  readonly problems: Problem[] = [];
  /** Real paths. */
  private readonly loaded = new Set<string>();

  named(file: YamlFile, root: string): void {
    const real = realPath(file.path);
    if (real !== undefined) return this.file({ ...file, root, chain: new Map() }, real);
    this.problems.push({
      severity: 'error',
      rule: 'unreadable',
      message: 'the file does not exist',
      file: file.shown,
    });
  }

  text(text: YamlText, file: string, onImport: OnImport): void {
    if (!('text' in text)) {
      this.problems.push({ severity: 'error', rule: text.rule, message: `the file ${text.reason}`, file });
      return;
    }
    readDocuments(text.text, file, this.problems, (document) => this.document(document, onImport));
  }

  private file(importer: Importer, real: string): void {
    if (this.loaded.has(real)) return;
    this.loaded.add(real);
    const chain = new Map(importer.chain).set(real, importer.shown);
    this.text(readYamlText(real), importer.shown, (document, fields) => this.import({ ...importer, chain }, document, fields));
  }

  private document(document: YamlDocument, onImport: OnImport): void {
    const top = YamlFields.of(document, document.follow(document.contents), 'the file', ['machines']);
    if (!top) return;
    const machines = top.list('machines');
    if (machines.length === 0 && !top.broken)
      document.error('empty', 'the file has no machines; list them under "machines:"', top.node);
    for (const node of machines) {
      const fields = YamlFields.of(document, node, 'a machine', [...MACHINE_KEYS, 'import']);
      if (fields?.has('import')) onImport(document, fields);
      else if (fields) this.sources.push(new YamlMachine(document, fields).read());
    }
  }

  private import(importer: Importer, document: YamlDocument, fields: YamlFields): void {
    const wanted = fields.requiredText('import');
    const key = fields.keyOf('import');
    const extra = MACHINE_KEYS.filter((name) => fields.has(name));
    if (extra.length > 0) document.error('import-with-fields', `an import holds nothing else, but has ${extra.join(', ')}`, key);
    if (wanted === undefined) return;
    const outside = (reason: string) => document.error('import-outside', `import ${quote(wanted)} ${reason}`, key);
    if (isAbsolute(wanted) || win32.isAbsolute(wanted)) return outside('is absolute; make it relative to this file');
    const path = join(dirname(importer.path), wanted);
    const inside = `stay in ${importer.root}`;
    if (!isWithin(importer.root, path)) return outside(`leads out of its folder; ${inside}`);
    const real = realPath(path);
    if (real === undefined)
      return document.error('import-missing', `import ${quote(wanted)} does not exist (looked for ${path})`, key);
    if (!isWithin(realPath(importer.root) ?? importer.root, real))
      return outside(`is a link that leads out of its folder; ${inside}`);
    if (importer.chain.has(real)) {
      const circle = [...importer.chain.values(), importer.chain.get(real)].join(' → ');
      return document.error('import-cycle', `import ${quote(wanted)} goes round in a circle: ${circle}`, key);
    }
    this.file({ ...importer, shown: join(dirname(importer.shown), wanted), path }, real);
  }
}

/** Links followed; nothing when there is no such file. */
function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
