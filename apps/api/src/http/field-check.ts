import { registerDecorator, type ValidationError } from 'class-validator';
import { fault } from './fault';

/** Says what is wrong with a value, or nothing; `dto` is what the field belongs to. */
type Check = (value: unknown, dto: object) => string | undefined;

const NAME = 'check';

/**
 * The one check of a field, so that a field at fault has one problem.
 *
 * It travels as the rule's context, not as its message: in messages class-validator replaces `$value` and the like, which may be
 * part of what the client sent.
 */
export function Checked(check: Check): PropertyDecorator {
  return (target, propertyName) => {
    registerDecorator({
      name: NAME,
      target: target.constructor,
      propertyName: String(propertyName),
      options: { message: NAME, context: { check } }, // without a message there would be no context
      validator: { validate: (value, given) => check(value, given?.object ?? {}) === undefined },
    });
  };
}

/** `@Fits('a whole number from 1', isPositive)` says `is -1; give a whole number from 1`. */
export function Fits(wanted: string, fits: (value: unknown) => boolean): PropertyDecorator {
  return Checked((value) => (fits(value) ? undefined : fault(value, wanted)));
}

/** What the field's check says. */
export function problemOfField({ value, target, contexts }: ValidationError): string {
  const { check } = contexts?.[NAME] as { check: Check };
  return check(value, target ?? {}) ?? '';
}
