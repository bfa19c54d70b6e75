/** The message that another one answers, in a line. @module */
import { useEffect } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { Message } from "../../client/mod.ts";
import { t } from "../i18n/i18n.ts";
import { Name } from "./avatar.tsx";
import { useChat } from "./context.ts";
import { Icon } from "./icons.tsx";

const CHARS_MAX = 140;
/** Answers to messages outside of what is loaded; asked for once. */
const fetched = new Map<string, Promise<Message | undefined>>();
const FETCHED_MAX = 200;

export function Quoted({ channelId, seq }: { channelId: number; seq: number }) {
  const chat = useChat();
  const room = chat.room.value;
  const held = room?.messages.find((message) => message.seq === seq);
  const far = useSignal<Message | undefined>(undefined);
  useEffect(() => {
    if (held) return;
    let wanted = true;
    const key = `${channelId}/${seq}`;
    let asked = fetched.get(key);
    if (!asked) {
      if (fetched.size >= FETCHED_MAX) fetched.clear();
      asked = chat.client.history(channelId, { around: seq, limit: 1 })
        .then(({ messages }) => messages.find((message) => message.seq === seq))
        .catch(() => void fetched.delete(key));
      fetched.set(key, asked);
    }
    asked.then((message) => {
      if (wanted) far.value = message;
    });
    return () => wanted = false;
  }, [channelId, seq, held === undefined]);
  const message = held ?? far.value;
  return (
    <button type="button" class="quoted" onClick={() => void room?.show(seq)}>
      <Icon name="reply" />
      {message && <Name userId={message.authorId} />}
      <span class="excerpt" dir="auto">
        {!message ? "…" : message.deleted ? t("deletedMessage") : excerpt(message.text)}
      </span>
    </button>
  );
}

/** The beginning of a text in one line. */
export function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > CHARS_MAX ? `${line.slice(0, CHARS_MAX)}…` : line;
}
