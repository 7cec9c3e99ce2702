import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const NEEDS = 'stile:needs';

/** `nobody`: the route needs no caller. The others: a caller whose role gives it, see `permission.ts`. */
export type Need = 'nobody' | 'viewer' | 'starter' | 'operator' | 'admin';

/** Who may call a route, or all routes of a controller: whoever has one of these. A route that declares nothing is refused to everybody. */
export const Needs = (...needs: readonly [Need, ...Need[]]): CustomDecorator => SetMetadata(NEEDS, needs);
