/** Contexts and data with more JSON than this are not kept in the history. */
export const TRACE_LIMIT_BYTES = 16 * 1024;
