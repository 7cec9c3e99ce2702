export { httpUrl, readClientConfig, type ClientConfig } from './client-config';
export { ConfigError, type Fault } from './config-error';
export { configTable, secretFiles, type Variable, type VariableName } from './config-table';
export { parseDuration } from './duration';
export { maskPassword } from './mask';
export { inheritedEnv, readConfig } from './read-config';
export { redisDoor, type DoorConfig, type RedisDoor } from './redis-door';
export type { AuditScope, ConfigWithoutRedis, LogLevel, StileConfig } from './stile-config';
export { logLevelsUpTo } from './log-levels';
