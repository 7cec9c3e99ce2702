import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import request from 'supertest';
import { prepareHttp } from '../http/prepare-http';
import { PageController } from './page.controller';
import { PageFiles } from './page-files';

describe('the page', () => {
  const dir = mkdtempSync(join(tmpdir(), 'stile-page-'));
  let app: NestExpressApplication;
  let http: ReturnType<typeof request>;

  beforeAll(async () => {
    const files = new PageFiles(dir);
    @Module({ controllers: [PageController], providers: [{ provide: PageFiles, useValue: files }] })
    class PageModule {}
    app = await NestFactory.create<NestExpressApplication>(PageModule, { logger: false, bodyParser: false });
    prepareHttp(app);
    files.serveAssets(app);
    await app.init();
    http = request(app.getHttpServer());
  });
  afterAll(async () => {
    await app.close();
    rmSync(dir, { recursive: true });
  });

  it('says so when it has not been built', async () => {
    const { body } = await http.get('/').expect(503);
    expect(body).toMatchObject({ code: 'PAGE_NOT_BUILT', detail: expect.stringContaining('npm run build') });
  });

  describe('as it was built', () => {
    beforeAll(() => {
      mkdirSync(join(dir, 'assets'));
      writeFileSync(join(dir, 'index.html'), '<!doctype html><title>Stile</title>');
      writeFileSync(join(dir, 'assets', 'index-1a2b.js'), 'run()');
      writeFileSync(join(dir, '.built-from'), 'secret');
    });

    it('is asked for anew each time, and may run nothing inline', async () => {
      const { text, headers } = await http.get('/').expect(200);
      expect(text).toContain('<title>Stile</title>');
      expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
      expect(headers['content-security-policy']).not.toContain('unsafe');
      const again = await http.get('/').set('If-Modified-Since', String(headers['last-modified']));
      expect(again.status).toBe(304);
      await http.head('/').expect(200);
    });

    it('has assets that are kept for good', async () => {
      const { headers, text } = await http.get('/assets/index-1a2b.js').expect(200);
      expect(text).toBe('run()');
      expect(headers).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable' });
      expect(headers['content-type']).toContain('javascript');
    });

    it.each([
      '/assets/gone-1.js',
      '/assets/',
      '/assets',
      '/assets/../.built-from',
      '/assets/%2e%2e/.built-from',
      '/.built-from',
      '/index.html',
    ])('has no %s', async (path) => {
      const { body } = await http.get(path).expect(404);
      expect(body.code).toBe('ROUTE_NOT_FOUND');
    });
  });
});
