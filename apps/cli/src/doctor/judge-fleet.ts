import { bad, ok, warn, type Finding } from './finding';
import { OVERDUE_MS, type FleetFacts, type Some } from './fleet-facts';

/** Workers say that they are there every two seconds. */
const GONE_MS = 10_000;
const LAG_MS = 1000;

export function judgeFleet(facts: FleetFacts): Finding[] {
  return [
    judgeWorkers(facts),
    judgeLag(facts),
    judgeQueues(facts),
    judgeOverdue(facts.overdue),
    judgeQuarantine(facts.quarantined),
  ];
}

function present({ workers }: FleetFacts): FleetFacts['workers'] {
  return workers.filter(({ lastSeenMs }) => lastSeenMs < GONE_MS);
}

function judgeWorkers(facts: FleetFacts): Finding {
  const there = present(facts);
  if (there.length > 0) {
    const active = there.reduce((sum, worker) => sum + worker.active, 0);
    return ok('workers', `${there.length} take jobs, ${active} machines in hand`);
  }
  const gone = facts.workers.length > 0 ? `the last of ${facts.workers.length} has gone silent` : 'there is none';
  return bad('workers', `no worker takes jobs: ${gone}`, 'STILE_MACHINES=<folder> stile worker');
}

function judgeLag(facts: FleetFacts): Finding {
  const slow = present(facts).filter(({ lagMs }) => lagMs > LAG_MS);
  const [worst] = [...slow].sort((a, b) => b.lagMs - a.lagMs);
  if (!worst) return ok('event loop', 'no worker is held up');
  return warn(
    'event loop',
    `${slow.length} held up by what an action computes, ${worst.name} for ${worst.lagMs} ms: a worker that cannot renew loses its leases`,
    'stile workers; move long computations into a worker thread or an external task',
  );
}

function judgeQueues(facts: FleetFacts): Finding {
  const served = new Set(present(facts).flatMap(({ queues }) => queues));
  const orphaned = facts.definitions.filter(({ queue }) => !served.has(queue));
  if (facts.definitions.length === 0) {
    return warn('queues', 'no definition is published yet', 'STILE_MACHINES=<folder> stile worker');
  }
  if (orphaned.length === 0) return ok('queues', `all ${facts.definitions.length} definitions have a worker for their queue`);
  const queues = [...new Set(orphaned.map(({ queue }) => queue))];
  const names = orphaned.map(({ name, version }) => `${name}@${version}`).join(', ');
  return bad(
    'queues',
    `nobody serves ${queues.join(', ')}: machines of ${names} stand still`,
    `STILE_QUEUES=${queues.join(',')} stile worker`,
  );
}

function judgeOverdue({ count, examples }: Some): Finding {
  if (count === 0) return ok('stuck machines', 'none');
  return bad(
    'stuck machines',
    `${count} should have moved more than ${OVERDUE_MS / 1000} s ago, such as ${examples.join(', ')}`,
    `stile explain ${examples[0] ?? '<id>'}`,
  );
}

function judgeQuarantine({ count, examples }: Some): Finding {
  if (count === 0) return ok('quarantine', 'empty');
  return bad(
    'quarantine',
    `${count} set aside, their records cannot be read, such as ${examples.join(', ')}`,
    `stile explain ${examples[0] ?? '<id>'}`,
  );
}
