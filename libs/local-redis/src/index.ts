export { findRedisServer } from './find-redis-server';
export { freePort } from './free-port';
export { LocalRedisError } from './local-redis-error';
export { startLocalRedis } from './start-local-redis';
export type { LocalRedis, LocalRedisOptions } from './start-local-redis';
export { startSupervised, type Supervised } from './supervised';
