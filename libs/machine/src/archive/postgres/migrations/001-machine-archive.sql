-- Machines that have ended, one row per run. Texts are kept as the store had them: text, not jsonb, which refuses \u0000, and would write
-- numbers and sealed texts anew.
create table stile.machine_archive (
  -- Tells the machines of several deployments in one database apart: their prefix.
  deployment text collate "C" not null,
  correlation_id text collate "C" not null,
  run_id text collate "C" not null,
  machine text collate "C" not null,
  version bigint not null,
  status text collate "C" not null,
  state text collate "C" not null,
  -- Id of the group of failures.
  failure text collate "C",
  -- As 'name=value'.
  tags text[] not null,
  -- Server ms, as all times of machines: the start, and when the row's content was read.
  created_ms bigint not null,
  archived_ms bigint not null,
  archived_at timestamptz not null default clock_timestamp(),
  -- JSON of the fields that lists show, and of all there is.
  summary text not null,
  content text not null,
  primary key (deployment, correlation_id, run_id)
);

comment on table stile.machine_archive is 'Machines of Stile that have ended. Rows may be deleted by anybody, by archived_at for example.';

create index machine_archive_time on stile.machine_archive (deployment, created_ms, correlation_id);
create index machine_archive_machine on stile.machine_archive (deployment, machine, created_ms, correlation_id);
create index machine_archive_status on stile.machine_archive (deployment, status, created_ms, correlation_id);
create index machine_archive_state on stile.machine_archive (deployment, state, created_ms, correlation_id);
create index machine_archive_failure on stile.machine_archive (deployment, failure, created_ms, correlation_id)
  where failure is not null;
create index machine_archive_tags on stile.machine_archive using gin (tags);
