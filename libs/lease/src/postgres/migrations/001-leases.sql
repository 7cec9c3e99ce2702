-- Leases: one row per id, one function per verb, one statement per call.
--
-- Each function locks its row, then reads the clock and the server's identity, checks, and writes: all in the transaction of that one
-- statement, so that no lock outlives it and nothing is taken from the client that a resent statement would bring again.
-- A process that dies or pauses around a call, or a reply that is lost: the statement took place or did not; a repeat of the same
-- nonce, or of the same advance, gets the same answer, and a lease that nobody knows of expires.

create table stile.lease (
  key text collate "C" primary key,
  -- Last token handed out; the row, and so the counter, goes only by lease_forget (L6).
  fence bigint not null default 0,
  -- Of the acquire that was granted; '' once released, and before the first grant.
  nonce text not null default '',
  steps bigint not null default 0,
  retries bigint not null default 0,
  -- Server ms at which the lease expires.
  until_ms bigint not null default 0,
  -- Identity of the server at the last grant; null before the first.
  server text,
  -- The last grant was an advance: an advance never takes another's acquire of the same token and step for a repeat of itself.
  advanced boolean not null default false
) with (fillfactor = 50); -- room for new versions of a row beside the old one: no write touches the index

comment on table stile.lease is 'Leases of Stile, one row per id. Delete no row: its counter keeps fence tokens growing.';

-- Which history this is. A standby that is promoted begins a new timeline, at once (pg_control_checkpoint tells it only after the next
-- checkpoint, minutes later); a dump that is restored elsewhere has another system identifier. Fails on a standby: none grants leases.
create function stile.server_identity() returns text language sql volatile as $$
  select system_identifier || '/' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8) from pg_control_system()
$$;

create function stile.server_time_us() returns bigint language sql volatile as $$
  select (extract(epoch from clock_timestamp()) * 1000000)::bigint
$$;

-- Where synchronous_commit is off, a crash would lose the last grants on the same timeline, and their tokens would be handed out again.
-- Other settings are left: what a promotion loses, the identity tells.
create function stile.keep_commit() returns void language plpgsql volatile as $$
begin
  if current_setting('synchronous_commit') = 'off' then
    perform set_config('synchronous_commit', 'local', true);
  end if;
end
$$;

create function stile.lease_acquire(
  in_key text, in_steps bigint, in_retries bigint, in_nonce text, in_ttl_ms bigint, in_floor bigint, in_jump boolean,
  out outcome text, out fence bigint, out steps bigint, out retries bigint, out until_ms bigint, out left_ms bigint
) language plpgsql volatile set lock_timeout = '2s' as $$
#variable_conflict use_column
declare
  max_fence constant bigint := 9007199254740991; -- 2^53 - 1: the last integer a JavaScript number holds
  lease stile.lease;
  now_us bigint;
  now_ms bigint;
  identity text;
  base bigint;
begin
  perform stile.keep_commit();
  loop
    select * into lease from stile.lease as l where l.key = in_key for update;
    exit when found;
    insert into stile.lease (key) values (in_key) on conflict (key) do nothing; -- and again: a forget may come in between
  end loop;
  now_us := stile.server_time_us();
  now_ms := now_us / 1000;
  if lease.nonce = in_nonce and lease.steps = in_steps and lease.retries = in_retries then
    outcome := 'granted';
    fence := lease.fence;
    until_ms := lease.until_ms;
    return;
  end if;
  if lease.nonce <> '' and lease.until_ms > now_ms then
    outcome := 'held';
    steps := lease.steps;
    retries := lease.retries;
    until_ms := lease.until_ms;
    left_ms := lease.until_ms - now_ms;
    return;
  end if;
  -- L2, L3: above the counter and the floor; above server time in µs as well when this is not the server that granted last.
  identity := stile.server_identity();
  base := greatest(lease.fence, in_floor);
  if in_jump or lease.server <> identity then
    base := greatest(base, now_us);
  end if;
  if base >= max_fence then
    raise exception 'the token of this lease has reached 2^53';
  end if;
  outcome := 'granted';
  fence := base + 1;
  until_ms := now_ms + in_ttl_ms;
  update stile.lease as l
    set fence = base + 1, nonce = in_nonce, steps = in_steps, retries = in_retries, until_ms = now_ms + in_ttl_ms,
      server = identity, advanced = false
    where l.key = in_key;
end
$$;

-- Returns the new expiry, null when the lease is lost. A repeat renews once more: harmless.
create function stile.lease_renew(in_key text, in_fence bigint, in_ttl_ms bigint) returns bigint
language plpgsql volatile set lock_timeout = '2s' as $$
declare
  lease stile.lease;
  now_ms bigint;
begin
  perform stile.keep_commit();
  select * into lease from stile.lease as l where l.key = in_key for update;
  now_ms := stile.server_time_us() / 1000;
  if not found or lease.nonce = '' or lease.until_ms <= now_ms or lease.fence <> in_fence then
    return null;
  end if;
  update stile.lease as l set until_ms = now_ms + in_ttl_ms where l.key = in_key;
  return now_ms + in_ttl_ms;
end
$$;

-- Releases one step and acquires the next: token + 1. Returns the new expiry, null when it is refused (L4). A repeat finds its own work.
create function stile.lease_advance(
  in_key text, in_fence bigint, from_steps bigint, from_retries bigint, to_steps bigint, to_retries bigint, in_ttl_ms bigint
) returns bigint language plpgsql volatile set lock_timeout = '2s' as $$
declare
  max_fence constant bigint := 9007199254740991;
  lease stile.lease;
  now_ms bigint;
begin
  perform stile.keep_commit();
  select * into lease from stile.lease as l where l.key = in_key for update;
  now_ms := stile.server_time_us() / 1000;
  if not found or lease.nonce = '' then
    return null;
  end if;
  if lease.advanced and lease.fence = in_fence + 1 and lease.steps = to_steps and lease.retries = to_retries then
    return lease.until_ms;
  end if;
  if lease.fence <> in_fence or lease.steps <> from_steps or lease.retries <> from_retries or lease.until_ms <= now_ms
    or in_fence >= max_fence or lease.server <> stile.server_identity() then
    return null;
  end if;
  update stile.lease as l
    set fence = in_fence + 1, steps = to_steps, retries = to_retries, until_ms = now_ms + in_ttl_ms, advanced = true
    where l.key = in_key;
  return now_ms + in_ttl_ms;
end
$$;

-- True for the live holder with exactly these. A repeat answers false after a true: the lease is gone either way.
create function stile.lease_release(in_key text, in_steps bigint, in_retries bigint, in_fence bigint) returns boolean
language plpgsql volatile set lock_timeout = '2s' as $$
declare
  lease stile.lease;
begin
  perform stile.keep_commit();
  select * into lease from stile.lease as l where l.key = in_key for update;
  if not found or lease.nonce = '' or lease.fence <> in_fence or lease.steps <> in_steps or lease.retries <> in_retries
    or lease.until_ms <= stile.server_time_us() / 1000 then
    return false;
  end if;
  update stile.lease as l set nonce = '', until_ms = 0 where l.key = in_key;
  return true;
end
$$;

create function stile.lease_forget(in_key text) returns void language sql volatile set lock_timeout = '2s' as $$
  delete from stile.lease where key = in_key
$$;
