/** Mentions as one column: ids with commas between, 0 for everybody, null for none. @module */
import type { MessageText } from "../../chat/event.ts";

/** Stands for everybody in the channel, where an id of a user could stand. */
export const EVERYBODY = 0;

type Mentions = Pick<MessageText, "mentionIds" | "mentionChannel">;

/** Whom a message mentions, {@link EVERYBODY} first, each once. */
export function mentionedBy(value: Mentions): number[] {
  return [...new Set(value.mentionChannel ? [EVERYBODY, ...value.mentionIds] : value.mentionIds)];
}

export function packMentions(value: Mentions): string | null {
  if (!value.mentionChannel && value.mentionIds.length === 0) return null;
  return value.mentionChannel ? [EVERYBODY, ...value.mentionIds].join() : value.mentionIds.join();
}

export function unpackMentions(cell: unknown): { mentionIds: number[]; mentionChannel: boolean } {
  if (typeof cell !== "string") return { mentionIds: [], mentionChannel: false };
  const ids = cell.split(",").map(Number);
  const mentionChannel = ids[0] === EVERYBODY;
  return { mentionIds: mentionChannel ? ids.slice(1) : ids, mentionChannel };
}
