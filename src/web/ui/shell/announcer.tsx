/** Tells screen readers of messages that come into the open channel. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Message } from "../../../client/mod.ts";
import { nameOf } from "../../state/people/people.ts";
import { plainName } from "../../text/names.ts";
import { useChat } from "./context.ts";

/** In a burst the newest message is enough. */
const EVERY_MS = 1_000;
const CHARS_MAX = 200;

export function Announcer() {
  const chat = useChat();
  const text = useSignal("");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let newest: Message | undefined;
    const off = chat.client.on("message", ({ kind, message }) => {
      const mine = message.authorId === chat.client.replica.me?.id;
      if (kind !== "sent" || mine || message.channelId !== chat.room.peek()?.channelId) return;
      newest = message;
      timer ??= setTimeout(() => {
        timer = undefined;
        // By now the author's name is known.
        const author = plainName(nameOf(chat.client.replica.users.get(newest!.authorId)));
        text.value = `${author}: ${newest!.text.slice(0, CHARS_MAX)}`;
      }, EVERY_MS);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [chat]);
  return <div class="hidden" role="log" aria-live="polite">{text.value}</div>;
}
