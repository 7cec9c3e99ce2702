import type { Row } from '../report';
import type { Sizes } from './live';
import { SPREADS } from './spread';

/** The table, for so many machines on the three servers. */
export function rowsOf(sizes: Sizes): Row[] {
  return [...spreadRows('one', 'one Redis'), ...spreadRows('cluster', 'cluster of 3'), ...endedRows(), ...liveRows(sizes)];
}

function spreadRows(on: string, name: string): Row[] {
  return SPREADS.flatMap((partitions) =>
    SPREADS.map((workers) => ({
      name: `${name}, partitions ${partitions}, worker processes ${workers}`,
      figure: `${on}P${partitions}W${workers}`,
      unit: 'steps/s',
      against: 'oneP1W1',
    })),
  );
}

function endedRows(): Row[] {
  return [
    { name: 'an ended machine of 1 step, 200-byte context', figure: 'endedBytes', unit: 'bytes' },
    { name: 'an ended machine of 10 steps that change its context', figure: 'endedBytes10', unit: 'bytes' },
    { name: 'what is left of one for a day after its removal', figure: 'tombstoneBytes', unit: 'bytes' },
    { name: 'removed by one worker', figure: 'removedPerSecond', unit: '1/s' },
  ];
}

const PAGES = [
  ['One', 'GET a machine'],
  ['First', 'GET the first page of 50'],
  ['Status', 'GET 50 by status'],
  ['Named', 'GET 50 by definition'],
  ['Prefix', 'GET 50 by id prefix'],
  ['Nothing', 'GET a page of no machine'],
  ['Counts', 'GET the counts'],
] as const;

function liveRows(sizes: Sizes): Row[] {
  const on = Object.entries(sizes).map(([key, size]) => [key, size.toLocaleString('en')] as const);
  const ms = { unit: 'ms' };
  return [
    ...on.map(([key, size]) => ({
      ...{ name: `10-step machines, ${size} others waiting`, figure: `${key}Steps`, unit: 'steps/s' },
      ...(key === 'few' ? {} : { against: 'fewSteps' }),
      ...(key === 'most' ? { atLeast: 0.9 } : {}),
    })),
    ...PAGES.flatMap(([page, what]) =>
      on.map(([key, size]) => ({
        ...{ name: `${what}, ${size} waiting, p50`, figure: `${key}${page}P50`, ...ms },
        ...(key === 'few' ? {} : { against: `few${page}P50` }),
      })),
    ),
    ...PAGES.map(([page, what]) => ({
      name: `${what}, ${sizes.most.toLocaleString('en')} waiting, p99`,
      figure: `most${page}P99`,
      ...ms,
    })),
    { name: 'a waiting machine, 200-byte context', figure: 'waitingBytes', unit: 'bytes', atMost: 1000 },
    { name: '… its record', figure: 'bytesRecord', unit: 'bytes' },
    { name: '… its history', figure: 'bytesHistory', unit: 'bytes' },
    { name: '… its lease', figure: 'bytesLease', unit: 'bytes' },
    { name: '… its entries in lists, and the rest', figure: 'bytesIndexes', unit: 'bytes' },
    { name: 'the same, Redis as it comes (hash-max-listpack-value 64)', figure: 'bytesUntuned', unit: 'bytes' },
    { name: 'a waiting machine with a timer', figure: 'timedBytes', unit: 'bytes', against: 'waitingBytes' },
    { name: 'started and brought to wait', figure: 'filledPerSecond', unit: '1/s' },
    ...on.flatMap(([key, size]) => [
      { name: `Redis while ${size} wait and nothing is due`, figure: `${key}IdleRedis`, unit: 'ms/s' },
      { name: 'one worker meanwhile', figure: `${key}IdleWorker`, unit: 'ms/s' },
    ]),
    { name: 'most that one worker runs while they are started', figure: 'maxSteps', unit: 'steps/s' },
    { name: 'half of that', figure: 'halfSteps', unit: 'steps/s', against: 'maxSteps' },
    { name: 'GET /health/live meanwhile, p50', figure: 'halfNothingP50', ...ms },
    { name: 'GET /health/live meanwhile, p99', figure: 'halfNothingP99', ...ms },
    { name: 'GET a machine meanwhile, p50', figure: 'halfOneP50', ...ms },
    { name: 'GET a machine meanwhile, p99', figure: 'halfOneP99', ...ms, atMost: 10 },
    { name: 'GET a page of 50 meanwhile, p50', figure: 'halfPageP50', ...ms },
    { name: 'GET a page of 50 meanwhile, p99', figure: 'halfPageP99', ...ms, atMost: 10 },
  ];
}
