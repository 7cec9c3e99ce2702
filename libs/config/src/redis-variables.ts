import { asGiven } from './parsers';
import { leaseUrl, redisUrl } from './urls';
import { define } from './variable';

/** How Redis is reached, and the leases where they are not beside the machines. */
export const redisVariables = [
  define({
    name: 'STILE_REDIS_URL',
    field: 'redisUrl',
    description:
      'Redis of machines and queues: redis://, redis-cluster:// or redis-sentinel://, with rediss for TLS. `up` and `demo` start one of their own when it is unset',
    parse: redisUrl,
    secret: true,
  }),
  define({
    name: 'STILE_REDIS_USERNAME',
    field: 'redisUsername',
    description: 'User of that Redis, where its URL names none',
    parse: asGiven,
  }),
  define({
    name: 'STILE_REDIS_PASSWORD_FILE',
    field: 'redisPasswordFile',
    description: 'File that holds the password, instead of one in the URL; read at the start',
    parse: asGiven,
  }),
  define({
    name: 'STILE_REDIS_CA_FILE',
    field: 'redisCaFile',
    description: 'PEM file of who signed the certificate of a rediss:// server; by default those that Node.js trusts',
    parse: asGiven,
  }),
  define({
    name: 'STILE_REDIS_CERT_FILE',
    field: 'redisCertFile',
    description: 'PEM file of the certificate that this process shows to such a server',
    parse: asGiven,
  }),
  define({
    name: 'STILE_REDIS_KEY_FILE',
    field: 'redisKeyFile',
    description: 'PEM file of the key of that certificate',
    parse: asGiven,
  }),
  define({
    name: 'STILE_REDIS_SERVERNAME',
    field: 'redisServername',
    description: "Name that the server's certificate has to have; by default the host of the URL",
    parse: asGiven,
  }),
  define({
    name: 'STILE_LEASE_URL',
    field: 'leaseUrl',
    description: 'Redis or PostgreSQL (postgres://) of the leases; by default they live beside the machines, which is fastest',
    parse: leaseUrl,
    secret: true,
  }),
  define({
    name: 'STILE_LEASE_SECONDARY_URL',
    field: 'leaseSecondaryUrl',
    description: 'Redis or PostgreSQL that takes over the leases when the first one does not answer; on a server of its own',
    parse: leaseUrl,
    secret: true,
  }),
] as const;
