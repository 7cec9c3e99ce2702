import { IntervalTicker } from './ticker';

describe('IntervalTicker', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('has one timer for all, and none when nobody listens', () => {
    const ticker = new IntervalTicker(100);
    expect(jest.getTimerCount()).toBe(0);
    const heard: string[] = [];
    const silence = ['a', 'b', 'c'].map((name) => ticker.listen(() => heard.push(name)));
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(200);
    expect(heard.join('')).toBe('abcabc');
    silence[1]?.();
    jest.advanceTimersByTime(100);
    expect(heard.join('')).toBe('abcabcac');
    silence.forEach((end) => end());
    expect(jest.getTimerCount()).toBe(0);
    ticker.listen(() => heard.push('d'));
    jest.advanceTimersByTime(100);
    expect(heard.at(-1)).toBe('d');
    ticker.onApplicationShutdown();
    expect(jest.getTimerCount()).toBe(0);
  });
});
