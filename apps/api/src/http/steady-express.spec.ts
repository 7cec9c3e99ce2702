import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Controller, Get, Module, Req, Res } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import type { Application, Request, Response } from 'express';
import { SteadyExpress } from './steady-express';

const prototypes: Record<string, readonly unknown[]> = {};
const of = (...each: readonly object[]) => each.map((one): unknown => Object.getPrototypeOf(one));

@Controller()
class Things {
  @Get('thing')
  thing(@Req() request: Request, @Res() response: Response): void {
    prototypes['route'] = of(request, response);
    response.status(201).json({ query: request.query['a'], app: request.app === response.app, fresh: request.fresh });
  }
}

@Module({ controllers: [Things] })
class ThingsModule {}

let app: NestExpressApplication;
let url: string;
beforeAll(async () => {
  app = await NestFactory.create<NestExpressApplication>(ThingsModule, new SteadyExpress(), { logger: false });
  const server: Server = app.getHttpServer();
  server.prependListener('request', (request, response) => (prototypes['made'] = of(request, response)));
  const board = new ExpressAdapter().getInstance<Application>();
  board.get('/x', (request, response) => void response.json({ at: request.baseUrl, app: request.app === board }));
  app.use('/board', board);
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => app.close());

it('makes requests and responses with the prototypes that Express sets: these never change', async () => {
  expect((await fetch(`${url}/thing?a=b`)).status).toBe(201);
  expect(prototypes['made']).toEqual([expect.anything(), expect.anything()]);
  const [made, inRoute] = [prototypes['made'] ?? [], prototypes['route'] ?? []];
  expect(made.map((each, i) => each === inRoute[i])).toEqual([true, true]);
});

it('has all that Express gives to both', async () => {
  expect(await (await fetch(`${url}/thing?a=b`)).json()).toEqual({ query: 'b', app: true, fresh: false });
});

it('takes applications that are mounted, which have prototypes of their own', async () => {
  expect(await (await fetch(`${url}/board/x`)).json()).toEqual({ at: '/board', app: true });
  expect((await fetch(`${url}/thing`)).status).toBe(201);
});
