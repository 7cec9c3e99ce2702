import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';

/** Of any shape: what it must have, tests say. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Loose = any;

export interface Resource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  readonly [field: string]: Loose;
}

interface Patch {
  readonly op: 'add' | 'replace' | 'remove' | 'test';
  readonly path: string;
  readonly value?: unknown;
}

interface Kustomization {
  readonly kind: 'Kustomization' | 'Component';
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly configurations?: readonly string[];
  readonly namespace?: string;
  readonly nameSuffix?: string;
  readonly labels?: readonly { readonly pairs: Record<string, string>; readonly includeSelectors?: boolean }[];
  readonly images?: readonly { readonly name: string; readonly newName?: string; readonly newTag?: string }[];
  readonly patches?: readonly { readonly target: { readonly kind: string; readonly name: string }; readonly patch: string }[];
}

const FIELDS = ['apiVersion', 'kind', 'resources', 'components', 'configurations', 'namespace', 'nameSuffix', 'labels', 'images'];
const KNOWN = new Set([...FIELDS, 'patches']);

/** Where one resource names another: the kind of that one, the kind of this one, and the way there; `[]` is each item. */
interface NameReference {
  readonly to: string;
  readonly from: string;
  readonly path: string;
}

const POD = 'spec/template/spec';
const BUILT_IN: readonly NameReference[] = [
  { to: 'ConfigMap', from: 'Deployment', path: `${POD}/containers[]/envFrom[]/configMapRef/name` },
  { to: 'Secret', from: 'Deployment', path: `${POD}/volumes[]/secret/secretName` },
  { to: 'ServiceAccount', from: 'Deployment', path: `${POD}/serviceAccountName` },
];
/** Where labels tell pods apart, by kind. */
const SELECTORS: Readonly<Record<string, readonly string[]>> = {
  Deployment: [
    'spec/selector/matchLabels',
    'spec/template/metadata/labels',
    `${POD}/topologySpreadConstraints[]/labelSelector/matchLabels`,
  ],
  PodDisruptionBudget: ['spec/selector/matchLabels'],
  Service: ['spec/selector'],
};

interface Accumulated {
  readonly resources: Resource[];
  readonly references: NameReference[];
}

/**
 * What `kubectl kustomize` makes of a folder, as far as deploy/kubernetes goes: a field that it does not use is refused here. CI has no
 * kustomize, which no registry offers; where there is a kubectl, a test compares the two.
 */
export function kustomize(folder: string): Resource[] {
  return accumulate(folder, { resources: [], references: [...BUILT_IN] }).resources;
}

function accumulate(folder: string, into: Accumulated): Accumulated {
  const read = parse(readFileSync(join(folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
  const unknown = Object.keys(read).filter((field) => !KNOWN.has(field));
  if (unknown.length > 0) throw new Error(`${folder}: this renderer does not know ${unknown.join(', ')}`);
  for (const path of read.resources ?? []) into.resources.push(...resourcesAt(join(folder, path)));
  for (const path of read.configurations ?? []) into.references.push(...referencesIn(join(folder, path)));
  for (const path of read.components ?? []) accumulate(join(folder, path), into);
  transform(read, into, folder);
  return into;
}

function resourcesAt(path: string): Resource[] {
  if (statSync(path).isDirectory()) return kustomize(path);
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => {
    if (document.errors[0]) throw document.errors[0];
    return structuredClone(document.toJS() as Resource); // what YAML shares by an alias must not be changed together
  });
}

function referencesIn(path: string): NameReference[] {
  const { nameReference } = parse(readFileSync(path, 'utf8')) as {
    nameReference: { kind: string; fieldSpecs: { kind: string; path: string }[] }[];
  };
  return nameReference.flatMap(({ kind: to, fieldSpecs }) => fieldSpecs.map(({ kind: from, path }) => ({ to, from, path })));
}

function transform(read: Kustomization, { resources, references }: Accumulated, folder: string): void {
  for (const { target, patch } of read.patches ?? []) {
    const hit = resources.filter(({ kind, metadata }) => kind === target.kind && metadata.name === target.name);
    if (hit.length === 0) throw new Error(`${folder}: a patch is for ${target.kind} ${target.name}, which is not there`);
    for (const resource of hit) for (const one of parse(patch) as Patch[]) apply(resource, one);
  }
  const { namespace, nameSuffix } = read;
  if (namespace !== undefined) {
    for (const { kind, metadata } of resources) {
      if (kind === 'Namespace') metadata.name = namespace;
      else metadata.namespace = namespace;
    }
  }
  if (nameSuffix !== undefined) rename(resources, references, nameSuffix);
  for (const { pairs, includeSelectors } of read.labels ?? []) {
    for (const resource of resources) {
      resource.metadata.labels = { ...resource.metadata.labels, ...pairs };
      const paths = includeSelectors ? (SELECTORS[resource.kind] ?? []) : [];
      for (const path of paths) each(resource, path, (labels) => ({ ...(labels as object), ...pairs }));
    }
  }
  for (const { name, newName = name, newTag } of read.images ?? []) {
    const changed = newTag === undefined ? newName : `${newName}:${newTag}`;
    for (const resource of resources) each(resource, `${POD}/containers[]/image`, (image) => (image === name ? changed : image));
  }
}

function rename(resources: readonly Resource[], references: readonly NameReference[], suffix: string): void {
  const renamed = new Set(resources.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  for (const resource of resources) {
    for (const { to, path } of references.filter(({ from }) => from === resource.kind)) {
      each(resource, path, (name) => (renamed.has(`${to} ${String(name)}`) ? `${String(name)}${suffix}` : name));
    }
  }
  for (const { metadata } of resources) metadata.name += suffix;
}

/** Changes what is at a path, wherever the way there exists. */
function each(at: Loose, path: string, change: (value: unknown) => unknown): void {
  const [first = '', ...rest] = path.split('/');
  const name = first.replace('[]', '');
  if (at?.[name] === undefined) return;
  if (rest.length === 0) at[name] = change(at[name]);
  else for (const next of first.endsWith('[]') ? at[name] : [at[name]]) each(next, rest.join('/'), change);
}

/** RFC 6902, but for `move` and `copy`. */
function apply(resource: Resource, { op, path, value }: Patch): void {
  const names = path.split('/').slice(1);
  const last = names.pop()!.replaceAll('~1', '/').replaceAll('~0', '~');
  let at: Loose = resource;
  for (const name of names) at = at?.[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  if (at === undefined || (op !== 'add' && at[last] === undefined)) throw new Error(`there is no ${path} to ${op}`);
  if (op === 'remove') delete at[last];
  else if (op === 'test') {
    if (JSON.stringify(at[last]) !== JSON.stringify(value)) throw new Error(`${path} is not ${JSON.stringify(value)}`);
  } else if (Array.isArray(at) && op === 'add') at.splice(last === '-' ? at.length : Number(last), 0, value);
  else at[last] = value;
}
