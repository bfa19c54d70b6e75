/** People offered after an @. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { mentionBefore } from "../../../text/mention.ts";
import { t } from "../../i18n/i18n.ts";
import { type Candidate, candidates } from "../../state/composer/candidates.ts";
import { Avatar } from "../widgets/avatar.tsx";
import { useChat } from "../shell/context.ts";
import type { CompletionOptions, Offer, Offers } from "./offers.ts";

/** People asked for while a name is written. */
const PAGE = 20;

export function useMentionOffers({ box, room, text, caret, insert }: CompletionOptions): Offers {
  const chat = useChat();
  const { channelId } = room;
  /** The channel has more members than one page. */
  const partial = useSignal(false);
  const letters = mentionBefore(text, caret);

  useEffect(() => {
    // Members are known by number at first; their names come with the first look at them.
    chat.client.listMembers(channelId)
      .then(({ members, more }) => {
        partial.value = more;
        return members;
      })
      .then((members) => chat.client.getUsers(members.map(({ userId }) => userId)))
      .catch(() => {});
  }, [room, chat.connection.value.name === "live"]);
  useEffect(() => {
    if (letters === undefined || !partial.value) return;
    chat.directory.people().catch(() => {});
    chat.client.listUsers({ prefix: letters, limit: PAGE }).catch(() => {});
  }, [letters]);
  if (letters === undefined) return { word: undefined, label: "", list: [] };

  const take = (name: string) => {
    const start = caret - letters.length;
    const spaced = text[caret] === " ";
    insert(spaced ? name : `${name} `, { start });
    const end = start + name.length + 1;
    if (spaced) box.current!.setSelectionRange(end, end);
  };
  const found = candidates(chat, channelId, { letters, partial: partial.value });
  const list = found.map((candidate) => ({ ...shown(candidate), take: () => take(candidate.name) }));
  return { word: `@${letters}`, label: t("people"), list };
}

function shown({ name, user }: Candidate): Omit<Offer, "take"> {
  return {
    key: name,
    icon: user ? <Avatar userId={user.id} presence /> : <span class="group">@</span>,
    name: user ? user.displayName || name : "@channel",
    aside: user ? `@${name}` : t("everybodyHere"),
  };
}
