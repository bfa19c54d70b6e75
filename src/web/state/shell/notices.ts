/** Short messages to the user that go away by themselves. @module */
import { signal } from "@preact/signals";
import { RookeryError } from "../../../client/mod.ts";
import { refusal } from "../../i18n/refusal.ts";

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly kind: "info" | "error";
}

const SHOWN_MS = 6_000;
const SHOWN_MAX = 3;

export const notices = signal<readonly Notice[]>([]);
let lastId = 0;

/** Shows a notice; the same text is not shown twice at once. */
export function notify(text: string, { kind = "info" }: { kind?: Notice["kind"] } = {}): void {
  if (notices.value.some((notice) => notice.text === text)) return;
  const id = ++lastId;
  notices.value = [...notices.value, { id, text, kind }].slice(-SHOWN_MAX);
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** Does something for the user and says so when it fails. False then. */
export async function attempt(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    notify(refusal(error), { kind: "error" });
    return false;
  }
}

/** Asks for something to look at. Where it does not come for want of a connection, the page says that already. */
export async function attemptRead(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    const silent = error instanceof RookeryError && error.code === "unavailable";
    if (!silent) notify(refusal(error), { kind: "error" });
    return false;
  }
}
