import { Controller, Get, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ArchivedMachines, Machines, StileRuntime } from '@stile/machine';
import type { Request } from 'express';
import request from 'supertest';
import { prepareHttp } from '../http/prepare-http';
import { accessProviders } from './access.providers';
import { Authenticator } from './authenticator';
import type { Caller } from './caller';
import { Needs } from './needs';
import { Scoped } from './scoped';

@Controller('bare')
class BareController {
  @Get('undeclared')
  undeclared(): string {
    return 'secret';
  }

  @Get('declared')
  @Needs('viewer')
  declared(@Req() { caller }: Request): Caller | undefined {
    return caller;
  }

  @Get('machines/:id')
  @Needs('viewer')
  @Scoped('machine')
  machine(): string {
    return 'machine';
  }
}

const machines = { get: jest.fn() };
const archived = { get: jest.fn() };

describe('the guard', () => {
  let app: NestExpressApplication;
  let http: ReturnType<typeof request>;
  const as = (caller: Partial<Caller>) =>
    jest.spyOn(app.get(Authenticator), 'identify').mockResolvedValue({ name: 'ada', role: 'viewer', via: 'key', ...caller });

  beforeAll(async () => {
    @Module({
      controllers: [BareController],
      providers: [
        ...accessProviders({ auth: false, sessionMs: 0 }),
        { provide: Machines, useValue: machines },
        { provide: ArchivedMachines, useValue: archived },
        { provide: StileRuntime, useValue: {} },
      ],
    })
    class GuardModule {}
    app = await NestFactory.create<NestExpressApplication>(GuardModule, { bodyParser: false, logger: false });
    prepareHttp(app);
    await app.init();
    http = request(app.getHttpServer());
  });
  afterAll(() => app.close());
  afterEach(() => jest.restoreAllMocks());

  it('refuses a route that declares nothing, also where everybody may do everything', async () => {
    const { body } = await http.get('/bare/undeclared').expect(403);
    expect(body.code).toBe('FORBIDDEN');
    as({ role: 'admin' });
    await http.get('/bare/undeclared').expect(403);
  });

  it('lets everybody in as anybody where nobody is asked', async () => {
    await http.get('/bare/declared').expect(200, { name: 'anonymous', role: 'admin', via: 'open' });
  });

  it('refuses callers with a scope where the route does not say how it holds them to it', async () => {
    for (const caller of [{ tenant: 'acme' }, { definitions: ['order'] }]) {
      as(caller);
      const { body } = await http.get('/bare/declared').expect(403);
      expect(body).toMatchObject({ code: 'OUTSIDE_SCOPE', detail: expect.stringContaining('use a caller without a scope') });
    }
  });

  it('asks nothing of a machine of another tenant', async () => {
    as({ tenant: 'acme' });
    await http.get('/bare/machines/globex.1').expect(404);
    await http.get('/bare/machines/acme%2E1').expect(200);
    await http.get('/bare/machines/globex%2E1').expect(404);
    expect(machines.get).not.toHaveBeenCalled();
  });

  it('answers for a machine of another definition as for none', async () => {
    as({ definitions: ['order'] });
    machines.get.mockResolvedValueOnce({ machine: 'order' }).mockResolvedValueOnce({ machine: 'secret' });
    machines.get.mockResolvedValue(undefined);
    await http.get('/bare/machines/m').expect(200);
    const other = await http.get('/bare/machines/m').expect(404);
    const none = await http.get('/bare/machines/m').expect(404);
    expect(other.body).toEqual(none.body);
  });
});
