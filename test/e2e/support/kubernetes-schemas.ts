import * as keda from '@kubernetes-models/keda/keda.sh/v1alpha1';
import * as monitoring from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import * as apps from 'kubernetes-models/apps/v1';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as core from 'kubernetes-models/v1';
import type { Resource } from './kustomize';

/** A class that checks what it is made of against the schema of its kind. */
type Model = new (data?: never) => { validate(): void };

const GROUPS: Readonly<Record<string, object>> = {
  v1: core,
  'apps/v1': apps,
  'networking.k8s.io/v1': networking,
  'policy/v1': policy,
  'keda.sh/v1alpha1': keda,
  'monitoring.coreos.com/v1': monitoring,
};

/**
 * What is wrong with a resource by the schemas of Kubernetes, KEDA and the Prometheus operator. They say nothing of fields that they do not know,
 * as a misspelt one is; but a validator reads every field that it knows, so what it never looks at is one of those.
 */
export function problemsOf(resource: Resource): string[] {
  const model = (GROUPS[resource.apiVersion] as Record<string, Model> | undefined)?.[resource.kind];
  if (!model) return [`there is no schema for ${resource.apiVersion} ${resource.kind}`];
  const read = new Set<string>();
  const { prototype } = model as { prototype: { validate(): void } };
  const watched = watch(Object.assign(Object.create(prototype) as object, resource), '', read);
  return [...complaints(() => prototype.validate.call(watched)), ...unread(resource, '', read)];
}

function complaints(validate: () => void): string[] {
  try {
    validate();
    return [];
  } catch (error) {
    const { errors } = error as { errors?: { instancePath: string; message?: string }[] };
    if (!errors) throw error;
    return errors.map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
  }
}

/** The same object, whose fields are written down as they are read. */
function watch<T extends object>(object: T, path: string, read: Set<string>): T {
  return new Proxy(object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return value;
      read.add(`${path}/${key}`);
      return typeof value === 'object' && value !== null ? watch(value, `${path}/${key}`, read) : value;
    },
  });
}

function unread(value: unknown, path: string, read: ReadonlySet<string>): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = `${path}/${key}`;
    return read.has(at) ? unread(inner, at, read) : [`${at} is unknown`];
  });
}
