import {
  Body,
  Controller,
  Delete,
  ForbiddenException,
  Get,
  HttpCode,
  Module,
  Post,
  Req,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { APP_GUARD, APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AuditLog, Machines, Schedules, StoreUnavailableError, type AuditPage, type AuditRecord } from '@stile/machine';
import type { Request } from 'express';
import request from 'supertest';
import type { Caller } from '../access/caller';
import { Needs } from '../access/needs';
import { prepareHttp } from '../http/prepare-http';
import { ApiProblem } from '../problems/api-problem';
import { Audit, AUDIT_SCOPE } from './audit';
import { AuditInterceptor } from './audit.interceptor';
import { recordRefused } from './refused-requests';

class Kept extends AuditLog {
  records: AuditRecord[] = [];
  away = false;
  async append(record: AuditRecord): Promise<void> {
    if (this.away) throw new StoreUnavailableError(new Error('away'));
    this.records.push(record);
  }
  read(): Promise<AuditPage> {
    return Promise.resolve({ items: [], next: null });
  }
}

/** As an access guard does: who asks is left on the request, or the request is refused. */
class Door implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const asked = context.switchToHttp().getRequest<Request>();
    const { role } = asked.headers;
    if (asked.path === '/v1/things/token') return true;
    if (role === undefined) throw new UnauthorizedException();
    if (role === 'thief') return false;
    asked.caller = { name: `the ${String(role)}`, role: role as Caller['role'], via: 'key', tenant: 'acme' };
    if (role === 'viewer' && asked.method !== 'GET') throw new ForbiddenException();
    return true;
  }
}

const done = jest.fn();

@Controller('v1/things')
class ThingsController {
  @Get()
  list(): object {
    return { items: [] };
  }
  @Post()
  make(@Body() body: object): object {
    done();
    return { status: 'made', context: body };
  }
  @Needs('nobody')
  @Post('token')
  @HttpCode(200)
  complete(@Body() { token, name }: { token?: string; name?: string }, @Req() asked: Request): object {
    if (token !== 'good') throw new ApiProblem('CALLBACK_GONE', 'no such token');
    if (name !== undefined) asked.caller = { name, role: 'viewer', via: 'session' };
    return { correlationId: 'm' };
  }
  @Delete()
  remove(): object {
    throw new ApiProblem('MACHINE_ENDED', 'it has ended');
  }
}

const log = new Kept();

@Module({
  controllers: [ThingsController],
  providers: [
    Audit,
    { provide: AUDIT_SCOPE, useValue: 'operators' },
    { provide: AuditLog, useValue: log },
    { provide: Machines, useValue: {} },
    { provide: Schedules, useValue: {} },
    { provide: APP_GUARD, useClass: Door },
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
})
class ThingsModule {}

let app: NestExpressApplication;
let http: ReturnType<typeof request>;
beforeAll(async () => {
  app = await NestFactory.create<NestExpressApplication>(ThingsModule, { bodyParser: false, logger: false });
  app.use(recordRefused(app.get(Audit)));
  prepareHttp(app);
  await app.listen(0, '127.0.0.1');
  http = request(app.getHttpServer());
});
afterAll(() => app.close());
beforeEach(() => {
  log.records = [];
  log.away = false;
  done.mockClear();
});

const post = (role: string) => http.post('/v1/things').set('role', role).send({ secret: 'canary', by: 'ada', why: 'because' });

it('a route that nobody has told of is in the log by its path, without what was sent or answered', async () => {
  await post('operator').expect(201);
  const who = { name: 'the operator', role: 'operator', via: 'key', tenant: 'acme', address: expect.any(String) as string };
  const act = { id: expect.any(String) as string, act: 'POST /v1/things', on: '/v1/things', who };
  expect(log.records).toEqual([
    { ...act, phase: 'asked' },
    { ...act, phase: 'done', after: { status: 'made' } },
  ]);
  expect(new Set(log.records.map(({ id }) => id)).size).toBe(1);
  expect(JSON.stringify(log.records)).not.toContain('canary');
});

it('reading is not', async () => {
  await http.get('/v1/things').set('role', 'operator').expect(200);
  expect(log.records).toEqual([]);
});

it('an act that is refused says why', async () => {
  await http.delete('/v1/things').set('role', 'admin').expect(409);
  expect(log.records.map(({ phase, code }) => [phase, code])).toEqual([
    ['asked', undefined],
    ['refused', 'MACHINE_ENDED'],
  ]);
});

it.each([
  ['nobody', undefined, 401],
  ['a caller without the right', 'viewer', 403],
  ['one whom the guard turns away', 'thief', 403],
])('so does an attempt of %s, whom no route has seen', async (_what, role, status) => {
  const test = http.post('/v1/things').send({});
  await (role === undefined ? test : test.set('role', role)).expect(status);
  expect(done).not.toHaveBeenCalled();
  const name = role === 'viewer' ? 'the viewer' : 'unknown';
  expect(log.records).toMatchObject([{ phase: 'refused', code: String(status), act: 'POST /v1/things', who: { name } }]);
});

it('whoever comes with a token only leaves one entry, behind what was done', async () => {
  const who = { name: 'unknown', role: 'nobody' };
  await http.post('/v1/things/token').send({ token: 'good' }).expect(200);
  expect(log.records).toMatchObject([{ phase: 'done', who, after: { correlationId: 'm' } }]);
  await http.post('/v1/things/token').send({ token: 'wrong' }).expect(410);
  expect(log.records[1]).toMatchObject({ phase: 'refused', who, code: 'CALLBACK_GONE' });
  expect(log.records).toHaveLength(2);
});

it('nothing is done that cannot be written down', async () => {
  log.away = true;
  const { body } = await post('operator').expect(503);
  expect(body.code).toBe('STORE_UNAVAILABLE');
  expect(done).not.toHaveBeenCalled();
});

it('whoever is turned away again and again does not fill the log', async () => {
  for (let i = 0; i < 80; i++) await http.post('/v1/things').send({}).expect(401);
  expect(log.records.length).toBeLessThanOrEqual(60);
  await post('operator').expect(201);
  expect(log.records.at(-1)?.phase).toBe('done');
});

it('what anybody can do again and again without a key does not fill the log either', async () => {
  for (let i = 0; i < 80; i++) await http.post('/v1/things/token').send({ token: 'good' }).expect(200);
  expect(log.records.length).toBeLessThanOrEqual(60);
});

it('whoever is known once it is done, as one who has signed in, is named', async () => {
  await http.post('/v1/things/token').send({ token: 'good', name: 'ada' }).expect(200);
  expect(log.records).toMatchObject([{ phase: 'done', who: { name: 'ada', role: 'viewer' } }]);
});
