import { doorOptions, explainRefusal } from './door';
import { lossOf } from './persistence';

const tls = { ca: 'PEM', servername: 'redis' };

it.each(['rediss://host', 'rediss-cluster://a:1,b:2', 'rediss-sentinel://a:1/mymaster'])('%s is reached by TLS', (url) => {
  expect(doorOptions(url, { username: 'stile', password: 'secret', tls })).toEqual({ username: 'stile', password: 'secret', tls });
});

it('asks for TLS only where the URL does', () => {
  expect(doorOptions('redis://host', { tls })).toEqual({});
  expect(doorOptions('redis-cluster://a:1', { password: 'secret', tls })).toEqual({ password: 'secret' });
});

it.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', 'STILE_REDIS_CA_FILE'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames.", 'STILE_REDIS_SERVERNAME'],
  [undefined, 'WRONGPASS invalid username-password pair or user is disabled.', 'STILE_REDIS_PASSWORD_FILE'],
  [undefined, "NOPERM this user has no permissions to run the 'eval' command", 'deploy/redis/users.acl'],
])('says what opens the door at %s: %s', (code, message, way) => {
  const told = explainRefusal(Object.assign(new Error(message), { code }));
  expect(told).toContain(message);
  expect(told).toContain(way);
});

it('leaves other errors as they are', () => {
  expect(explainRefusal(new Error('connect ECONNREFUSED'))).toBe('connect ECONNREFUSED');
});

describe('what a restart would lose', () => {
  it.each([
    ['aof_enabled:0\r\nrdb_last_bgsave_status:ok', /no append-only file/],
    ['aof_enabled:1\r\naof_last_write_status:err', /could not write/],
  ])('%j', (info, told) => expect(lossOf(info)).toMatch(told));

  it.each(['aof_enabled:1\r\naof_last_write_status:ok', ''])('%j: nothing that is known', (info) => {
    expect(lossOf(info)).toBeUndefined();
  });
});
