/**
 * Every code that an answer may carry, with its HTTP status. Codes are stable: clients match on them, never on titles or details.
 *
 * 400: wrong whatever machines there are. 422: well formed, but at odds with what workers have published.
 */
export const PROBLEMS = {
  MALFORMED_REQUEST: { status: 400, title: 'The request cannot be read' },
  VALIDATION_FAILED: { status: 400, title: 'Fields of the request cannot be used' },
  UNAUTHENTICATED: { status: 401, title: 'Who asks is not known' },
  FORBIDDEN: { status: 403, title: 'This caller may not do this' },
  OUTSIDE_SCOPE: { status: 403, title: 'This is outside of what the caller is held to' },
  ORIGIN_REFUSED: { status: 403, title: 'Pages of other hosts may change nothing' },
  HOST_REFUSED: { status: 403, title: 'The API does not go by this name' },
  ROUTE_NOT_FOUND: { status: 404, title: 'There is no such route' },
  MACHINE_NOT_FOUND: { status: 404, title: 'There is no such machine' },
  DEFINITION_NOT_FOUND: { status: 404, title: 'There is no such definition' },
  INBOX_ITEM_NOT_FOUND: { status: 404, title: 'There is no such event in the inbox' },
  SCHEDULE_NOT_FOUND: { status: 404, title: 'There is no such schedule' },
  OPERATION_NOT_FOUND: { status: 404, title: 'There is no such operation' },
  FAILURE_GROUP_NOT_FOUND: { status: 404, title: 'There is no such group of failures' },
  LIMIT_NOT_FOUND: { status: 404, title: 'There are no such limits' },
  HOLD_NOT_FOUND: { status: 404, title: 'There is no such hold' },
  CORRELATION_ID_TAKEN: { status: 409, title: 'The id is taken by a start with another payload' },
  SIGN_IN_UNAVAILABLE: { status: 409, title: 'There is no such way to sign in here' },
  OPERATION_ID_TAKEN: { status: 409, title: 'The id is taken by another operation' },
  // The machine is there, but in a state that no request can use until somebody mends or removes its record.
  MACHINE_QUARANTINED: { status: 409, title: 'The machine is set aside, its record cannot be read' },
  DATA_DAMAGED: { status: 409, title: 'Encrypted data is not what was stored' },
  MACHINE_ENDED: { status: 409, title: 'The machine has ended' },
  EVENT_REJECTED: { status: 409, title: 'The state refuses this event' },
  STEERING_REFUSED: { status: 409, title: "The machine's status does not allow this" },
  REVISION_CHANGED: { status: 409, title: 'The machine has changed since it was read' },
  STEP_NOT_RECORDED: { status: 409, title: 'What the step began with is not kept' },
  CALLBACK_GONE: { status: 410, title: 'The callback token cannot be used, or no longer' },
  DATA_DESTROYED: { status: 410, title: 'The key of the data was destroyed' },
  CONTENT_TOO_LARGE: { status: 413, title: 'The body is too large' },
  EVENT_TOO_LARGE: { status: 413, title: 'The data of the event is too large' },
  CONTEXT_TOO_LARGE: { status: 413, title: 'The context is too large' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, title: 'The body is not JSON' },
  UNKNOWN_MACHINE: { status: 422, title: 'No worker has published this machine' },
  UNKNOWN_VERSION: { status: 422, title: 'No worker has published this version' },
  INVALID_START: { status: 422, title: 'The definition does not allow this start' },
  CONTEXT_NOT_JSON: { status: 422, title: 'The context cannot be stored' },
  UNDECLARED_EVENT: { status: 422, title: 'No state of the machine has this event' },
  INVALID_EVENT: { status: 422, title: 'The event cannot be used' },
  INVALID_ACT: { status: 422, title: 'The act cannot be done as asked' },
  RESULT_UNUSABLE: { status: 422, title: 'The data cannot be stored' },
  FORMAT_UNUSABLE: { status: 422, title: 'The definition cannot be had in this format' },
  PRECONDITION_REQUIRED: { status: 428, title: 'The revision that was read is missing' },
  INBOX_FULL: { status: 429, title: 'As many events wait as the machine keeps' },
  TOO_MANY_STARTS: { status: 429, title: 'More starts than may be made in a second' },
  MEMORY_SHORT: { status: 429, title: 'Nothing new is started while the memory of the store is short' },
  TOO_MANY_STREAMS: { status: 429, title: 'As many streams are open as there may be' },
  REQUEST_REFUSED: { status: 400, title: 'The request was refused' },
  INTERNAL: { status: 500, title: 'An error that is ours' },
  ISSUER_UNAVAILABLE: { status: 503, title: 'The issuer of tokens cannot be reached' },
  NOT_READY: { status: 503, title: 'Not ready' },
  PAGE_NOT_BUILT: { status: 503, title: 'The page has not been built' },
  KEY_MISSING: { status: 503, title: 'The key of the data is missing here' },
  STORE_UNAVAILABLE: { status: 503, title: 'The store cannot be reached' },
  STORE_UNFIT: { status: 503, title: 'The store is not fit for use' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}
