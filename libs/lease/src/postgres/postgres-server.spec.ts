import { inspect } from 'node:util';
import { PostgresServer } from './postgres-server';

describe('PostgresServer', () => {
  it.each(['postgres://user:secret@host:port/db', 'user:secret@host', 'redis://:secret@host'])(
    'refuses %s without repeating the password',
    (url) => {
      let error: unknown;
      try {
        new PostgresServer(url);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(TypeError);
      expect(inspect(error)).toContain('give postgres://');
      expect(inspect(error).replace(/^ {4}at .*$/gm, '')).not.toContain('secret');
    },
  );

  it('shows where it is, without user and password', async () => {
    const server = new PostgresServer('postgresql://user:secret@db.example/stile?sslmode=require');
    expect(server.address).toBe('db.example:5432/stile');
    expect(inspect(server)).not.toContain('secret');
    await server.close();
    await server.close();
    await expect(server.use((ask) => ask('select 1'))).rejects.toThrow('the connections to PostgreSQL are closed');
  });
});
