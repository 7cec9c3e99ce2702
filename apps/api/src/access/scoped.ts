import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const SCOPED = 'stile:scoped';

/**
 * How a route is held to the scope of its caller, where that has one:
 *
 * - `machine`: the guard looks at the machine whose id is in the path; one outside does not exist.
 * - `itself`: it takes the caller's `Scope` and narrows what it reads and does.
 * - `nothing`: it shows and does nothing that a scope is about.
 */
export type Scoping = 'machine' | 'itself' | 'nothing';

/** A route that declares nothing is refused to callers with a scope. */
export const Scoped = (by: Scoping): CustomDecorator => SetMetadata(SCOPED, by);
