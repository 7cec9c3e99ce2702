import type { Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.guard';
import { ACCESS_OPTIONS, type AccessOptions } from './access-options';
import { Authenticator } from './authenticator';
import { Issuer } from './issuer';
import { KeyCheck } from './key-check';
import { Sessions } from './sessions';

/** All that lets people and programs in, the guard before every route included. */
export function accessProviders(options: AccessOptions): Provider[] {
  return [
    { provide: ACCESS_OPTIONS, useValue: options },
    ...[KeyCheck, Issuer, Sessions, Authenticator],
    { provide: APP_GUARD, useClass: AccessGuard },
  ];
}
