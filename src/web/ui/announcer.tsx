/** Tells screen readers of messages that come into the open channel. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { nameOf } from "../state/people.ts";
import { plainName } from "../text/names.ts";
import { useChat } from "./context.ts";

/** In a burst the newest message is enough. */
const EVERY_MS = 1_000;
const CHARS_MAX = 200;

export function Announcer() {
  const chat = useChat();
  const text = useSignal("");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let newest = "";
    const off = chat.client.on("message", ({ kind, message }) => {
      const mine = message.authorId === chat.client.replica.me?.id;
      if (kind !== "sent" || mine || message.channelId !== chat.room.peek()?.channelId) return;
      const author = chat.client.replica.users.get(message.authorId);
      newest = `${plainName(nameOf(author))}: ${message.text.slice(0, CHARS_MAX)}`;
      timer ??= setTimeout(() => {
        timer = undefined;
        text.value = newest;
      }, EVERY_MS);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [chat]);
  return <div class="hidden" role="log" aria-live="polite">{text.value}</div>;
}
