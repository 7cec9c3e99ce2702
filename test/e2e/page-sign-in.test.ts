import { StileRuntime } from '@stile/machine';
import type { Browser } from 'playwright-core';
import { uniquePrefix } from '../support/redis';
import { ApiStage, greet } from './api-support';
import { Misdeeds, hindrances, openBrowser, picture } from './support/browser';

jest.setTimeout(60_000);

it('the page asks who one is, lets one in with a key, and out again', async () => {
  const stage = new ApiStage(uniquePrefix('page-sign-in'));
  let browser: Browser | undefined;
  try {
    await stage.publish(greet());
    const { app } = await stage.api({ access: { auth: true, sessionMs: 60_000 } });
    const home = await app.getUrl();
    const runtime = app.get(StileRuntime);
    const { text, view } = await runtime.apiKeys.create({ name: 'ada', role: 'viewer' }, Date.now());
    browser = await openBrowser();
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    const misdeeds = new Misdeeds(page, home);
    await page.goto(home);
    const field = page.getByLabel('API key');
    await field.waitFor();
    expect(await hindrances(page)).toEqual([]);
    await picture(page, 'sign-in');
    await field.fill('stile_wrong');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('was revoked or has expired').waitFor();
    await field.fill(text);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('[data-definition="greet"]').waitFor();
    await page.getByText('ada', { exact: true }).waitFor();
    expect(await page.evaluate('document.cookie')).toBe('');
    expect(await page.evaluate('JSON.stringify({ ...localStorage, ...sessionStorage })')).not.toContain(text.slice(-43));

    await page.getByRole('button', { name: 'Sign out' }).click();
    await field.waitFor();
    await field.fill(text);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('[data-definition="greet"]').waitFor();
    await runtime.apiKeys.revoke(view.id);
    await field.waitFor(); // by itself, with the next request of the page
    expect(misdeeds.told.filter((told) => !told.includes('status of 401'))).toEqual([]);
  } finally {
    await browser?.close();
    await stage.close();
  }
});
