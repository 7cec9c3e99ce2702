import { readClientConfig } from './client-config';
import { ConfigError } from './config-error';
import { readConfig } from './read-config';

it('finds an API on this machine unless another is named', () => {
  expect(readClientConfig({})).toEqual({ apiUrl: 'http://127.0.0.1:3000', user: undefined, colours: true });
  expect(readClientConfig({ STILE_API_URL: ' https://stile.example/base/ ' }).apiUrl).toBe('https://stile.example/base');
});

it.each(['stile.example', 'redis://127.0.0.1', 'http://ada:secret@127.0.0.1', 'http://127.0.0.1?a=1'])('refuses %s', (url) => {
  expect(() => readClientConfig({ STILE_API_URL: url })).toThrow(ConfigError);
  expect(() => readClientConfig({ STILE_API_URL: url })).toThrow(/STILE_API_URL.*give the address of an API/s);
});

it('knows the user by any of the names that systems have for it', () => {
  expect(readClientConfig({ USER: 'ada' }).user).toBe('ada');
  expect(readClientConfig({ USERNAME: 'ada' }).user).toBe('ada');
});

it.each([{ NO_COLOR: '1' }, { TERM: 'dumb' }])('colours nothing with %j', (env) => {
  expect(readClientConfig(env).colours).toBe(false);
});

it('is no server’s business: a worker passes STILE_API_URL over', () => {
  expect(() => readConfig({ STILE_REDIS_URL: 'redis://127.0.0.1', STILE_API_URL: 'nonsense' })).not.toThrow();
});

it('takes the key from the environment', () => {
  expect(readClientConfig({ STILE_API_KEY: ' stile_a_b ' }).apiKey).toBe('stile_a_b');
  expect(readClientConfig({ STILE_API_KEY: ' ' })).not.toHaveProperty('apiKey');
});
