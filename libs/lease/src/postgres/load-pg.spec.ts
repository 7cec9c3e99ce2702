import { PostgresServer } from './postgres-server';
import { PostgresUnfitError } from './postgres-unfit-error';

jest.mock('pg', () => {
  throw Object.assign(new Error("Cannot find module 'pg'"), { code: 'MODULE_NOT_FOUND' });
});

it('a server is named without pg; asking it says what to install', async () => {
  const server = new PostgresServer('postgres://me:secret@db/app');
  expect(server.address).toBe('db:5432/app');
  const asked = server.use((ask) => ask('select 1'));
  await expect(asked).rejects.toThrow(PostgresUnfitError);
  await expect(asked).rejects.toThrow('needs the package "pg", which is not installed: npm install pg');
  await server.close();
});
