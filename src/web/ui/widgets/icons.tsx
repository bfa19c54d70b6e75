/** The drawings on buttons: strokes on a grid of 24. @module */
const PATHS = {
  add: "M12 5v14M5 12h14",
  archive: "M4 4h16v4H4zM6 8v11h12V8M10 12h4",
  back: "M15 5l-7 7 7 7",
  check: "M5 12.5l4.5 4.5L19 7",
  chevron: "M7 10l5 5 5-5",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v11H9zM5 15V4h10",
  down: "M12 5v13M6 12l6 6 6-6",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  eye:
    "M2.500 12c2.500-4.500 5.500-6.500 9.500-6.500s7 2 9.500 6.500c-2.500 4.500-5.500 6.500-9.500 6.500s-7-2-9.500-6.500zM12 15a3 3 0 100-6 3 3 0 000 6z",
  hash: "M10 4L8 20M16 4l-2 16M4.500 9h16M3.500 15h16",
  keyboard: "M3 7h18v11H3zM7 11h.01M10.500 11h.01M14 11h.01M17 11h.01M8 15h8",
  link: "M10 14a4 4 0 006 0l3-3a4 4 0 00-6-6l-1 1M14 10a4 4 0 00-6 0l-3 3a4 4 0 006 6l1-1",
  lock: "M6 11h12v9H6zM9 11V8a3 3 0 016 0v3",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  out: "M14 5H5v14h9M10 12h10M17 8l4 4-4 4",
  pin: "M9 4h6l-1 6 4 4v1H6v-1l4-4zM12 15v6",
  people:
    "M9 11a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.500a3.500 3.500 0 010 6.500M18 14.500c2.300.8 3.500 2.800 3.500 5.500",
  reply: "M10 6l-6 6 6 6M4 12h9c5 0 7 3 7 7",
  search: "M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l5 5",
  send: "M4 12l16-8-5 17-3.500-7.500z",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M16 4.500v5M8 14.500v5",
  smile:
    "M12 21a9 9 0 100-18 9 9 0 000 18zM8.500 14c1 1.500 2 2 3.500 2s2.500-.5 3.500-2M9 9.500h.01M15 9.500h.01",
  up: "M12 19V6M6 12l6-6 6 6",
  trash: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The rook on its egg. */
export function Logo() {
  return (
    <svg class="logo" viewBox="0 0 48 48" aria-hidden="true">
      <path
        class="logo-egg"
        d="M24 2c10 0 19 14 19 26 0 11-8.500 18-19 18S5 39 5 28C5 16 14 2 24 2z"
      />
      <path
        class="logo-bird"
        d="M10 35c7-1 10-5 11-11 .8-5.500 4-9 8.600-9 2.900 0 5 1.300 6.200 3.400L42 21l-6 1.800c.3 7.800-4 14.200-12.500 15.400L18 39z"
      />
      <circle class="logo-eye" cx="31" cy="19.500" r="1.300" />
    </svg>
  );
}
