import { actsFor, type ActName } from './acts';
import { REASONS } from '../../../../libs/machine/src/core/explanation';
import { Shortcuts } from './shortcuts';
import { nextTheme, themeOf } from './theme';
import { KNOWN_REASONS, toneOf } from './reasons';

describe('what can be done', () => {
  it.each<[Parameters<typeof actsFor>[0]['status'], 'pause' | 'cancel' | null, ActName[]]>([
    ['failed', null, ['retry', 'edit', 'move', 'cancel', 'replay']],
    ['paused', null, ['resume', 'edit', 'send', 'move', 'cancel', 'replay']],
    ['waiting', null, ['send', 'pause', 'move', 'cancel', 'replay']],
    ['running', null, ['send', 'pause', 'cancel', 'replay']],
    ['running', 'pause', ['resume', 'send', 'cancel', 'replay']],
    ['queued', 'cancel', ['send', 'cancel', 'replay']],
    ['completed', null, ['replay']],
    ['cancelled', null, ['replay']],
  ])('to one that is %s, asked to %s', (status, asked, acts) => {
    expect(actsFor({ status, asked })).toEqual(acts);
  });
});

describe('reasons', () => {
  it('each have a tone', () => {
    expect([...KNOWN_REASONS].sort()).toEqual([...REASONS].sort());
    expect(toneOf('constructor')).toBe('waits');
    expect(toneOf('noWorker')).toBe('bad');
  });
});

describe('shortcuts', () => {
  it('are single keys, and pairs in time', () => {
    const keys = new Shortcuts();
    expect(keys.press('/', 0)).toEqual({ do: 'search' });
    expect(keys.press('?', 0)).toEqual({ do: 'help' });
    expect(keys.press('m', 0)).toBeUndefined();
    expect(keys.press('g', 0)).toBeUndefined();
    expect(keys.press('m', 100)).toEqual({ do: 'go', route: { view: 'machines', query: '' } });
    expect(keys.press('m', 200)).toBeUndefined();
    keys.press('g', 1000);
    expect(keys.press('m', 9000)).toBeUndefined();
    keys.press('g', 1000);
    expect(keys.press('toString', 1001)).toBeUndefined();
  });
});

describe('themes', () => {
  it('go round', () => {
    expect([nextTheme('auto'), nextTheme('light'), nextTheme('dark')]).toEqual(['light', 'dark', 'auto']);
    expect([themeOf('dark'), themeOf('pink')]).toEqual(['dark', 'auto']);
  });
});
