import type { NestExpressApplication } from '@nestjs/platform-express';
import {
  bindAll,
  StileRuntime,
  type BoundDefinition,
  type Definition,
  type DefinitionSource,
  type MachineSource,
  type StileOptions,
} from '@stile/machine';
import type { NextFunction, Request, Response } from 'express';
import request from 'supertest';
import type { ApiConfig } from '../../apps/api/src/api-config';
import { createApp } from '../../apps/api/src/app';
import { testRedisUrl } from '../support/redis';

/** One step: counts up and ends. */
export function greet(version = 1, queue = 'machines'): BoundDefinition {
  const definition: Definition = {
    name: 'greet',
    version,
    maxRetries: 3,
    queue,
    initial: 'hello',
    states: {
      hello: {
        name: 'hello',
        final: false,
        doAction: 'greet',
        transitions: { said: { event: 'said', target: 'done', local: false } },
      },
      done: { name: 'done', final: true, transitions: {} },
    },
  };
  return { definition, actions: new Map([['greet', () => 'said']]) };
}

/** What `defineMachine` made, ready to run. */
export function bound(source: MachineSource): BoundDefinition {
  const { bound, problems } = bindAll([source], new Map());
  if (!bound[0]) throw new Error(JSON.stringify(problems));
  return bound[0];
}

export function sourceOf(...bound: BoundDefinition[]): DefinitionSource {
  return {
    all: () => bound,
    find: (name, version) => bound.find(({ definition }) => definition.name === name && definition.version === version),
  };
}

const silent = { debug() {}, info() {}, log() {}, warn() {}, error() {} };

/** Applications and workers of one test file, all closed by `close`. */
export class ApiStage {
  private readonly closers: (() => Promise<void>)[] = [];

  constructor(
    readonly prefix: string,
    readonly redisUrl = testRedisUrl(),
  ) {}

  async api(more: Partial<ApiConfig> = {}): Promise<{ app: NestExpressApplication; http: ReturnType<typeof request> }> {
    const { redisUrl, prefix } = this;
    const app = await createApp({ redisUrl, prefix, retentionMs: 60_000, shutdownMs: 1000, ...more }, false);
    await app.listen(0, '127.0.0.1');
    this.closers.push(() => app.close());
    return { app, http: request(app.getHttpServer()) };
  }

  worker(...definitions: BoundDefinition[]): Promise<StileRuntime> {
    return this.workerWith({}, ...definitions);
  }

  async workerWith(options: Pick<StileOptions, 'archive'>, ...definitions: BoundDefinition[]): Promise<StileRuntime> {
    const { redisUrl, prefix } = this;
    const runtime = new StileRuntime({ redis: { url: redisUrl }, prefix, ...options, worker: { name: 'test-worker' } }, silent);
    this.closers.push(() => runtime.stop());
    await runtime.start(sourceOf(...definitions));
    return runtime;
  }

  /** Publishes definitions without anybody to run them. */
  async publish(...definitions: BoundDefinition[]): Promise<void> {
    const runtime = new StileRuntime({ redis: { url: this.redisUrl }, prefix: this.prefix }, silent);
    await runtime.redis.hset(
      runtime.keys.definitions,
      ...definitions.flatMap(({ definition }) => [`${definition.name}@${definition.version}`, JSON.stringify(definition)]),
    );
    await runtime.stop();
  }

  async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
    this.closers.length = 0;
  }
}

/** For an app without the guard: everybody is who he is where nobody is asked. */
export function asAnonymous(request: Request, _response: Response, next: NextFunction): void {
  request.caller = { name: 'anonymous', role: 'admin', via: 'open' };
  next();
}
