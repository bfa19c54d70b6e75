/** Says before sending whom a mention will not reach. @module */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { ChannelKind, type MentionDoubts, MentionLook, type User } from "../../../client/mod.ts";
import { formatList } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { attempt } from "../../state/shell/notices.ts";
import { nameOf } from "../../state/people/people.ts";
import type { ChannelRow } from "../../state/channels/rows.ts";
import { useChat } from "../shell/context.ts";
import { Icon } from "../widgets/icons.tsx";

const NO_DOUBTS: MentionDoubts = { everybody: false, strangers: [] };

/** A pause in typing. */
const PAUSE_MS = 300;

export function MentionNotes({ row, text }: { row: ChannelRow; text: string }) {
  const chat = useChat();
  const look = useMemo(() => new MentionLook(chat.client, row.id), [chat, row.id]);
  const doubts = useDoubts(look, text);
  chat.watchChannels();
  const strangers = doubts.strangers.filter(({ id }) => !look.isMember(id));
  if (!doubts.everybody && strangers.length === 0) return null;
  const add = async (): Promise<void> => {
    for (const { id } of strangers) await attempt(chat.client.addMember(row.id, id));
  };
  return (
    <div class="strip mention-notes" role="status">
      <Icon name="people" />
      <span>
        {doubts.everybody && <span>{t("mentionsEverybody")}</span>}
        {strangers.length > 0 && <Strangers users={strangers} />}
      </span>
      {strangers.length > 0 && row.kind !== ChannelKind.DIRECT && (
        <button
          type="button"
          class="small"
          onClick={() => void add()}
        >
          {t("add")}
        </button>
      )}
    </div>
  );
}

function Strangers({ users }: { users: readonly User[] }) {
  return <span>{t("mentionsStrangers", { names: formatList(users.map(nameOf)), count: users.length })}</span>;
}

/** Looks once the typing pauses; of a text that is gone nothing is said. */
function useDoubts(look: MentionLook, text: string): MentionDoubts {
  const doubts = useSignal(NO_DOUBTS);
  const mentions = text.includes("@");
  useEffect(() => {
    if (!mentions) doubts.value = NO_DOUBTS;
    if (!mentions) return;
    let current = true;
    const timer = setTimeout(() => {
      look.at(text).then((found) => {
        if (current) doubts.value = found;
      }, () => {});
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [look, text]);
  return mentions ? doubts.value : NO_DOUBTS;
}
