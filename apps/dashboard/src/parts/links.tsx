import { hrefOf } from '../logic/routes';

export function MachineLink({ id }: { id: string }) {
  return (
    <a class="mono id" href={hrefOf({ view: 'machine', id })}>
      {id}
    </a>
  );
}

export function DefinitionLink({ name, version }: { name: string; version?: number | null }) {
  return (
    <a href={hrefOf({ view: 'definition', name, ...(version ? { version } : {}) })}>
      {name}
      {version ? <span class="dim">@{version}</span> : null}
    </a>
  );
}
