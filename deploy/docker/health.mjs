// Whether the part in this container answers: the API on STILE_PORT, else a worker on STILE_HEALTH_PORT. Status 0 when it does, for HEALTHCHECK.
import { get } from 'node:http';

const { STILE_HOST = '', STILE_PORT = '3000', STILE_HEALTH_PORT = '3001' } = process.env;
const host = /^(|0\.0\.0\.0|::)$/.test(STILE_HOST) ? '127.0.0.1' : STILE_HOST;

/** @returns what is wrong, nothing where it answers */
const problemAt = (port) =>
  new Promise((resolve) => {
    const request = get({ host, port, path: '/health/live', timeout: 4000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `port ${port} answers ${response.statusCode}`);
    });
    request.on('timeout', () => request.destroy(new Error('no answer within 4 s')));
    request.on('error', (error) => resolve(`port ${port}: ${error.message}`));
  });

const problems = await Promise.all([problemAt(STILE_PORT), problemAt(STILE_HEALTH_PORT)]);
if (!problems.includes(undefined)) {
  console.error(problems.join('; '));
  process.exitCode = 1;
}
