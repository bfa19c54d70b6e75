/** Names offered while an @ is written. @module */
import { useSignal } from "@preact/signals";
import { type RefObject, type VNode } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../i18n/i18n.ts";
import { type Candidate, candidates, mentionBefore } from "../state/candidates.ts";
import type { Room } from "../state/room.ts";
import { Avatar } from "./avatar.tsx";
import { useChat } from "./context.ts";

/** People asked for while a name is written. */
const PAGE = 20;

interface CompletionOptions {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly room: Room;
  readonly text: string;
  readonly caret: number;
  readonly change: (text: string) => void;
}

interface Completion {
  readonly popup: VNode | null;
  readonly attributes: Readonly<Record<string, string | boolean>>;
  /** True when the key was meant for the list. */
  onKeyDown(event: KeyboardEvent): boolean;
}

export function useCompletion({ box, room, text, caret, change }: CompletionOptions): Completion {
  const chat = useChat();
  const { channelId } = room;
  const chosen = useSignal(0);
  /** Letters for which the list was closed. */
  const dismissed = useSignal<string | undefined>(undefined);
  /** The channel has more members than one page. */
  const partial = useSignal(false);
  const letters = mentionBefore(text, caret);
  const open = letters !== undefined && letters !== dismissed.value;
  const list = open ? candidates(chat, channelId, { letters, partial: partial.value }) : [];
  const at = Math.min(chosen.value, list.length - 1);

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
    chosen.value = 0;
    if (letters === undefined) dismissed.value = undefined;
    else if (partial.value) chat.client.listUsers({ prefix: letters, limit: PAGE }).catch(() => {});
  }, [letters]);

  const take = ({ name }: Candidate) => {
    const start = caret - letters!.length;
    const rest = text.slice(caret).replace(/^ ?/, " ");
    change(`${text.slice(0, start)}${name}${rest}`);
    const end = start + name.length + 1;
    // After the drawing, which is queued, and before the next key.
    queueMicrotask(() => {
      box.current?.focus();
      box.current?.setSelectionRange(end, end);
    });
  };
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (list.length === 0) return false;
    if (event.key === "ArrowDown") chosen.value = (at + 1) % list.length;
    else if (event.key === "ArrowUp") chosen.value = (at + list.length - 1) % list.length;
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") take(list[at]!);
    else if (event.key === "Escape") {
      dismissed.value = letters;
      event.stopPropagation();
    } else return false;
    event.preventDefault();
    return true;
  };
  if (list.length === 0) return { popup: null, attributes: {}, onKeyDown };
  return {
    onKeyDown,
    attributes: {
      role: "combobox",
      "aria-expanded": "true",
      "aria-autocomplete": "list",
      "aria-controls": "completion",
      "aria-activedescendant": `completion-${at}`,
    },
    popup: <CandidateList list={list} at={at} onPoint={(i) => chosen.value = i} onTake={take} />,
  };
}

function CandidateList({ list, at, onPoint, onTake }: {
  list: readonly Candidate[];
  at: number;
  onPoint: (i: number) => void;
  onTake: (candidate: Candidate) => void;
}) {
  return (
    <ul id="completion" class="completion" role="listbox" aria-label={t("people")}>
      {list.map((candidate, i) => (
        <li
          key={candidate.name}
          id={`completion-${i}`}
          role="option"
          aria-selected={i === at}
          onMouseDown={(event) => event.preventDefault()}
          onMouseMove={() => onPoint(i)}
          onClick={() => onTake(candidate)}
        >
          {candidate.user ? <Avatar userId={candidate.user.id} presence /> : <span class="group">@</span>}
          <bdi class="name">{candidate.user ? candidate.user.displayName || candidate.name : "@channel"}</bdi>
          <span class="login">{candidate.user ? `@${candidate.name}` : t("everybodyHere")}</span>
        </li>
      ))}
    </ul>
  );
}
