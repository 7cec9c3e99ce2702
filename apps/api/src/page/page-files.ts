import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** Where vite puts the page: the same from `src` and from `dist`. */
const BUILT = join(__dirname, '..', '..', '..', 'dashboard', 'dist');

/** The page as vite has built it. */
export class PageFiles {
  constructor(private readonly folder = BUILT) {}

  get index(): string {
    return join(this.folder, 'index.html');
  }

  /** Asked anew each time: it may be built while the API runs. */
  get isBuilt(): boolean {
    return existsSync(this.index);
  }

  /** Serves what the page consists of. The digest in each name changes with the content, so a browser may keep what it has for good. */
  serveAssets(app: NestExpressApplication): void {
    app.useStaticAssets(join(this.folder, 'assets'), {
      prefix: '/assets/',
      index: false,
      redirect: false,
      immutable: true,
      maxAge: '1y',
    });
  }
}
