import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { source as axeSource, type AxeResults, type RunOptions } from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { ROOT } from './programs';

/** The same as in tools/setup/programs.mjs. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const PICTURES = join(ROOT, '.stile', 'screenshots');

/** The browser that is installed here; in a container it runs as root, where its own sandbox does not. */
export function openBrowser(): Promise<Browser> {
  const executablePath = NAMES.map(find).find((path) => path !== undefined);
  if (executablePath === undefined) throw new Error(`none of ${NAMES.join(', ')} is on PATH: run "npm test", which sets it up`);
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}

function find(name: string): string | undefined {
  try {
    return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

/** What a page has done that it must not: told errors on its console, broken its content policy, asked other hosts for something. */
export class Misdeeds {
  readonly told: string[] = [];

  constructor(page: Page, home: string) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.told.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.told.push(`thrown: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(home)) this.told.push(`asked ${request.url()}`);
    });
  }
}

/** Written to `.stile/screenshots`, for whoever wants to look. */
export async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage, animations: 'disabled' });
}

const GRAVE = new Set(['serious', 'critical']);

/** What axe holds for a serious hindrance, in words. Put in by the debugger, as the page's content policy forbids scripts of others. */
export async function hindrances(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  const options: RunOptions = { resultTypes: ['violations'] };
  const { violations } = await page.evaluate<AxeResults, RunOptions>(
    (given) => (globalThis as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } }).axe.run(given),
    options,
  );
  return violations
    .filter(({ impact }) => GRAVE.has(impact ?? ''))
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`));
}
