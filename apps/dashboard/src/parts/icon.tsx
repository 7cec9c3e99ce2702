/** 16 × 16, drawn with lines of the text's colour. */
const PATHS = {
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10ZM10.7 10.7 14 14',
  close: 'm4 4 8 8M12 4l-8 8',
  plus: 'M8 3v10M3 8h10',
  chevron: 'm6 4 4 4-4 4',
  external: 'M9 3h4v4M13 3 7.5 8.5M11 9.5V13H3V5h3.5',
  sun: 'M8 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM8 1.5V3M8 13v1.5M1.5 8H3M13 8h1.5M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M3.4 12.6l1.1-1.1M11.5 4.5l1.1-1.1',
  moon: 'M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1Z',
  auto: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 2v12M8 4.5h3.6M8 7h4.9M8 9.5h4.7M8 12h3',
  keyboard: 'M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M12 7h-.01M5 9.5h6',
  warning: 'M8 2.5 14 13H2L8 2.5ZM8 6.5v3M8 11.4v.01',
  away: 'M2 6a9 9 0 0 1 12 0M4.3 8.6a5.6 5.6 0 0 1 7.4 0M6.4 11a2.6 2.6 0 0 1 3.2 0M2.5 2.5l11 11',
} as const;

/** Statuses differ by shape as well as by colour. */
export const STATUS_PATHS = {
  active: 'M5 3.5v9l7-4.5-7-4.5Z',
  queued: 'M3 5h10M3 8h7M3 11h4',
  running: 'M5 3.5v9l7-4.5-7-4.5Z',
  waiting: 'M5 2.5h6M5 13.5h6M5.5 2.5v2L8 8l2.5-3.5v-2M5.5 13.5v-2L8 8l2.5 3.5v2',
  delayed: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM8 5v3l2 1.5',
  paused: 'M5.5 3.5v9M10.5 3.5v9',
  completed: 'm3 8.5 3.2 3.2L13 4.5',
  failed: 'm4 4 8 8M12 4l-8 8',
  cancelled: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM3.8 12.2l8.4-8.4',
} as const;

const ALL = { ...PATHS, ...STATUS_PATHS };
export type IconName = keyof typeof ALL;

/** Decoration: what it says stands in the text beside it, or is the label of its button. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={ALL[name]} />
    </svg>
  );
}

/** Steps over a fence. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d="M7 3v18M17 3v18M3 8h4M17 8h4M3 14h4M17 14h4" class="mark-fence" />
      <path d="M7 8h10M4 17h16M7 12.5h10" class="mark-steps" />
    </svg>
  );
}
