import type { Browser, Locator, Page } from 'playwright-core';
import { uniquePrefix, testRedisUrl, waitFor } from '../support/redis';
import { hindrances, Misdeeds, openBrowser, picture } from './support/browser';
import { Programs, type Program } from './support/programs';

jest.setTimeout(120_000);

const DESK = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
/** Processes of a busy machine start slowly. */
const START_MS = 50_000;
const WHO = 'ada@example.com';

/** One operator's night: everything through the page, against real processes. The tests go on where the one before has left off. */
describe('the page', () => {
  const programs = new Programs({ STILE_REDIS_URL: testRedisUrl(), STILE_PREFIX: uniquePrefix('page') });
  let browser: Browser;
  let page: Page;
  let home: string;
  let api: Program;
  let misdeeds: Misdeeds;

  const start = (port: string): Program => programs.start(['apps/api/dist/main.js'], { STILE_PORT: port });
  const view = async (hash: string): Promise<void> => void (await page.goto(`${home}/#${hash}`));
  const button = (name: string | RegExp, within: Page | Locator = page): Locator =>
    within.getByRole('button', { name, exact: true });
  const dialog = (): Locator => page.getByRole('dialog');
  const panel = (title: string): Locator =>
    page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) });
  const row = (id: string): Locator => page.locator(`[data-machine="${id}"]`);
  const shows = (text: string | RegExp, within: Page | Locator = page): Promise<void> => within.getByText(text).first().waitFor();

  /** All that the view shows has been read. */
  async function settled(): Promise<void> {
    await page.locator('h1').waitFor();
    await page.waitForFunction(() => document.querySelector('.loading') === null);
  }

  async function post(path: string, body: object): Promise<void> {
    const response = await fetch(`${home}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status).toBeLessThan(300);
  }

  async function statusOf(id: string): Promise<string> {
    const response = await fetch(`${home}/v1/machines/${id}`);
    return ((await response.json()) as { status: string }).status;
  }

  const becomes = (id: string, status: string): Promise<unknown> =>
    waitFor(async () => (await statusOf(id)) === status, { what: `${id} is ${status}`, timeoutMs: 20_000 });

  beforeAll(async () => {
    api = start('0');
    const worker = programs.worker({ STILE_MACHINES: 'examples' });
    const opening = openBrowser().then((opened) => (browser = opened));
    [home] = await Promise.all([api.says(/http:\/\/[\d.:]+/, START_MS), worker.says('it runs order@1', START_MS), opening]);
    page = await browser.newPage({ viewport: DESK, bypassCSP: false, locale: 'en-GB' });
    page.setDefaultTimeout(30_000);
    misdeeds = new Misdeeds(page, home);
    await page.goto(home);
  });

  afterAll(async () => {
    await browser?.close();
    await programs.end();
  });

  it('draws what has been published', async () => {
    await page.locator('[data-definition="order"] g.node[data-state="charge"]').waitFor();
    expect(await page.locator('[data-definition="order"] g.edge').count()).toBeGreaterThan(4);
  });

  it('starts a machine, watches it fail, and says why', async () => {
    await button('Start a machine').click();
    await dialog().getByLabel('Definition').selectOption('order');
    await dialog().getByLabel('Correlation id').fill('a b');
    await dialog().getByLabel('Context (JSON)').fill('{ amount: 30 }');
    await button('Start', dialog()).click();
    await shows(/is not JSON/, dialog());
    await dialog()
      .getByLabel('Context (JSON)')
      .fill(JSON.stringify({ amount: 30, fail: { reserve: 'always' } }));
    await button('Start', dialog()).click();
    await shows(/give 1 to 128 characters/, dialog()); // the API's own words, at the field
    await dialog().getByLabel('Correlation id').fill('night-1');
    await button('Start', dialog()).click();

    await page.getByRole('heading', { name: 'night-1' }).waitFor();
    await page.locator('[data-outcome="failed"]').first().waitFor(); // while it runs
    await page.locator('.why[data-reason="failed"]').waitFor();
    await shows(/reserve is out of order/);
    expect(await page.locator('[data-outcome="failed"]').count()).toBe(4);
    await page.locator('g.node.m-failing[data-state="reserve"]').waitFor();
    await page.getByText(/stack/).first().click();
    expect(await page.locator('.stack').first().textContent()).toContain('at ');
    await picture(page, 'machine-failed');
  });

  it('edits its context and retries, and it completes before one’s eyes', async () => {
    await button('Edit context and retry').click();
    await dialog()
      .getByLabel('Context (JSON)')
      .fill(JSON.stringify({ amount: 12 }));
    await shows('amount', dialog().getByRole('list', { name: 'What will be changed' }));
    await dialog().getByLabel('Who').fill(WHO);
    await dialog().getByLabel('Why').fill('the stock is back');
    await picture(page, 'edit');
    await button('Save and retry', dialog()).click();
    await page.locator('.why[data-reason="completed"]').waitFor();
    await page.locator('[data-outcome="edited"]').getByText('the stock is back').waitFor();
    await page.locator('[data-outcome="retried"]').getByText(WHO).waitFor();
    await page.locator('g.node.m-current[data-state="done"]').waitFor();
    await shows(/parcel-/, panel('Context'));
    await picture(page, 'machine-completed');
  });

  it('sends an event that moves a machine on, and cancels another', async () => {
    await post('/v1/machines', {
      machine: 'payment',
      correlationId: 'pay-1',
      context: { amount: 995 },
      tags: { shop: 'berlin' },
    });
    await post('/v1/machines', { machine: 'payment', correlationId: 'pay-2', tags: { shop: 'berlin' } });
    await view('/machines/pay-1');
    await page.locator('.why[data-reason="waiting"], .why[data-reason="timer"]').waitFor();
    await button('Send event').click();
    await dialog().getByLabel('Event').selectOption('paid');
    await dialog().getByLabel('Data (JSON)').fill('{"receipt": "r-1"}');
    await button('Send paid', dialog()).click();
    await page.locator('.why[data-reason="completed"]').waitFor();
    await shows('"r-1"', panel('Context'));

    await view('/machines/pay-2');
    await button('Cancel').click();
    expect(await dialog().getByLabel('Who').inputValue()).toBe(WHO); // kept from before
    await dialog().getByLabel('Now', { exact: false }).check();
    await dialog().getByLabel('Why').fill('ordered twice');
    await button('Cancel now', dialog()).click();
    await page.locator('.why[data-reason="cancelled"]').waitFor();
    await shows('ordered twice');
    expect(await statusOf('pay-2')).toBe('cancelled');
  });

  it('filters the list, in the address, and retries all that match', async () => {
    const failing = { machine: 'order', context: { fail: { reserve: 'always' } }, tags: { night: 'today' } };
    const ids = Array.from({ length: 12 }, (_, index) => `bulk-${index}`);
    await Promise.all(ids.map((correlationId) => post('/v1/machines', { ...failing, correlationId })));
    await Promise.all(ids.map((id) => becomes(id, 'failed')));
    await view('/machines');
    await row('pay-1').waitFor();
    await page.keyboard.press('/');
    await page.locator('#search:focus').waitFor();
    await page.keyboard.type('bulk-');
    await page.waitForURL(/idPrefix=bulk-/);
    await row('bulk-11').waitFor();
    await row('pay-1').waitFor({ state: 'detached' });
    await button('failed', page.getByRole('group', { name: 'Status' })).click();
    await page.getByLabel('Tag').fill('night:today');
    await page.waitForURL(/tag=night%3Atoday/);
    await waitFor(async () => (await page.locator('tr[data-status="failed"]').count()) === 12, { what: 'twelve rows' });
    await picture(page, 'machines');

    await button('Retry …').click();
    await shows('12 machines', dialog());
    await dialog().getByLabel('Why').fill('once more');
    await button('Retry 12 machines', dialog()).click();
    await page.locator('.operation-done').waitFor();
    await shows(/12 retried/, page.locator('.operation'));
    await view('/machines/bulk-3');
    await page.locator('[data-outcome="retried"]').getByText('once more').waitFor();
  });

  it('redrives failures, which stops by itself when they fail again', async () => {
    await waitFor(async () => (await statusOf('bulk-0')) === 'failed' && (await statusOf('bulk-11')) === 'failed', {
      what: 'they have failed again',
    });
    await view('/failures');
    const group = page.locator('.group', { hasText: 'reserve' }).first();
    await waitFor(async () => (await group.locator('.group-count').textContent())?.trim() === '12', {
      what: 'all twelve in one group',
    });
    await picture(page, 'failures');
    await button('all', group).click();
    await button('Redrive all 12', dialog()).click();
    await shows('stopped: they fail again', page.locator('.operation'));
    await view('/operations');
    await page.locator('.operation').nth(1).waitFor();
    await picture(page, 'operations');
  });

  it('shows workers, schedules and figures', async () => {
    await view('/workers');
    await shows(/order/, page.locator('[data-worker]').first());
    await picture(page, 'workers');
    await fetch(`${home}/v1/schedules/nightly`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ machine: 'payment', cron: '30 2 * * *', timeZone: 'Europe/Berlin' }),
    });
    await view('/schedules');
    await button('Trigger nightly').click();
    await button('Trigger', dialog()).click();
    await shows(/is started/);
    await button('Stop nightly').click();
    await button('Stop', dialog()).click();
    await button('Start nightly').waitFor();
    await view('/definitions/order');
    await page.locator('tr[data-state="reserve"] .count-failed').waitFor();
    await page.getByText('dwell p95').waitFor();
    await picture(page, 'definition');
    await view('/');
    await page.locator('[data-definition="order"] .badge-failed').first().waitFor();
    await picture(page, 'definitions');
  });

  it.each(['light', 'dark'] as const)('hinders nobody, in %s', async (theme) => {
    const found: Record<string, string[]> = {};
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const hash of [
      '/',
      '/definitions/order',
      '/machines',
      '/machines/bulk-0',
      '/failures',
      '/workers',
      '/schedules',
      '/operations',
    ]) {
      await view(hash);
      await settled();
      found[hash] = await hindrances(page);
    }
    await view('/machines/bulk-0');
    await button('Edit context and retry').click();
    found.dialog = await hindrances(page);
    await page.keyboard.press('Escape');
    await picture(page, `machine-${theme}`);
    await view('/');
    await page.locator('[data-definition="order"] .badge').first().waitFor();
    await picture(page, `definitions-${theme}`);
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((hash) => [hash, []])));
  });

  it('keeps the colours that one chooses', async () => {
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: 'light' });
    const light = await ground();
    // The button's name is there a moment before the colours.
    const isLight = (wanted: boolean) =>
      waitFor(async () => ((await ground()) === light) === wanted, { what: `the page is ${wanted ? 'light' : 'dark'}` });
    await button('Colours: as the system').click();
    await button('Colours: light').click();
    await button('Colours: dark').waitFor();
    await isLight(false);
    const dark = await ground();
    await page.reload();
    await button('Colours: dark').waitFor();
    await isLight(false);
    expect(await ground()).toBe(dark);
    await button('Colours: dark').click();
    await isLight(true);
  });

  it('works on a phone', async () => {
    await page.setViewportSize(PHONE);
    for (const [hash, name] of [
      ['/', 'definitions'],
      ['/machines', 'machines'],
      ['/machines/bulk-0', 'machine'],
      ['/failures', 'failures'],
    ] as const) {
      await view(hash);
      await settled();
      const beyond = await page.evaluate(() => {
        const { scrollWidth, clientWidth } = document.documentElement;
        return Math.max(0, scrollWidth - clientWidth);
      });
      expect({ hash, beyond }).toEqual({ hash, beyond: 0 });
      await picture(page, `phone-${name}`);
    }
    await view('/machines/bulk-0');
    await button('Retry').click();
    await button('Retry', dialog()).click();
    await dialog().waitFor({ state: 'detached' });
    await page.setViewportSize(DESK);
  });

  it('can be used by keyboard alone', async () => {
    await view('/');
    await page.reload();
    await page.locator('[data-definition="order"]').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter'); // skips the navigation
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.waitForURL(/#\/machines$/);
    await page.keyboard.press('/');
    await page.locator('#search:focus').waitFor();
    await page.keyboard.type('night-1');
    await row('night-1').waitFor();
    await row('pay-1').waitFor({ state: 'detached' });
    await tabTo('night-1');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'night-1' }).waitFor();
    await tabTo('Replay');
    await page.keyboard.press('Enter');
    await dialog().getByLabel('From step').waitFor();
    expect(await dialog().evaluate((shown) => shown.contains(document.activeElement))).toBe(true);
    for (let i = 0; i < 12; i++) await page.keyboard.press('Tab'); // round and round, inside
    expect(
      await dialog().evaluate((shown) => shown.contains(document.activeElement) || document.activeElement === document.body),
    ).toBe(true);
    await page.keyboard.press('Escape');
    await dialog().waitFor({ state: 'detached' });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Replay'); // where one was
    await page.keyboard.press('?');
    await shows('Keyboard shortcuts', dialog());
    await page.keyboard.press('Escape');
  });

  /** Presses Tab until a control of this name has the focus, and its ring is seen. */
  async function tabTo(name: string): Promise<void> {
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      const [text, ring] = await page.evaluate(() => {
        const active = document.activeElement;
        return [active?.textContent?.trim(), active ? getComputedStyle(active).outlineStyle : 'none'];
      });
      if (text !== name) continue;
      expect(ring).toBe('solid');
      return;
    }
    throw new Error(`Tab does not come to ${name}`);
  }

  it('replays a recorded step as a new machine', async () => {
    await view('/machines/night-1');
    await button('Replay').click();
    await dialog().getByLabel('From step').selectOption('1');
    await dialog().getByLabel('Id of the new machine').fill('night-2');
    await button('Start the replay', dialog()).click();
    await page.getByRole('heading', { name: 'night-2' }).waitFor();
    await page.locator('.why[data-reason="completed"]').waitFor();
  });

  it('has done nothing that it must not', () => {
    // What a browser says of the one start that the API was meant to refuse.
    expect(misdeeds.told).toEqual(['console: Failed to load resource: the server responded with a status of 400 (Bad Request)']);
  });

  it('says that what it shows is old while the API is away, and goes on when it is back', async () => {
    await view('/machines');
    await row('night-1').waitFor();
    api.kill('SIGKILL');
    await shows('The API does not answer.');
    expect(await row('night-1').isVisible()).toBe(true);
    await picture(page, 'away');
    api = start(new URL(home).port);
    await page.getByText('The API does not answer.').waitFor({ state: 'detached' });
    await post('/v1/machines', { machine: 'order', correlationId: 'after' });
    await row('after').waitFor();
  });
});
