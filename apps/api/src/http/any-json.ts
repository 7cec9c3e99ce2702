const TYPES = ['object', 'string', 'number', 'boolean'] as const;

/** The schema of any JSON; none at all would be taken for an object. */
export const ANY_JSON = { oneOf: [...TYPES.map((type) => ({ type })), { type: 'array', items: {} }] };
