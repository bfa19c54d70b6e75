/** What /readyz answers. @module */
import { neutralLine } from "../chat/text.ts";

const CHARS_MAX = 400;

/** Whether the answer is a server's that takes messages. */
export function isReady(text: string): boolean {
  return failingIn(text)?.length === 0;
}

/** The reasons why it does not, or the answer as it is when it is nobody's we know. */
export function whyNotReady(text: string): string {
  const failing = failingIn(text)?.map(({ reason }) => reason) ?? [];
  return neutralLine((failing.length > 0 ? failing.join("; ") : text.trim()).slice(0, CHARS_MAX));
}

function failingIn(text: string): { reason: string }[] | undefined {
  try {
    const { failing } = JSON.parse(text);
    return Array.isArray(failing) ? failing.filter((item) => typeof item?.reason === "string") : undefined;
  } catch {
    return undefined;
  }
}
