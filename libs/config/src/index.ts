export { httpUrl, readClientConfig, type ClientConfig } from './client-config';
export { ConfigError, type Fault } from './config-error';
export { configTable, type Variable, type VariableName } from './config-table';
export { parseDuration } from './duration';
export type { EncryptionKey } from './encryption-keys';
export { maskPassword } from './mask';
export { inheritedEnv, readConfig } from './read-config';
export type { ConfigWithoutRedis, LogLevel, StileConfig } from './stile-config';
export { logLevelsUpTo } from './log-levels';
