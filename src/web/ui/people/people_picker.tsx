/** Choosing people by a few letters. @module */
import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../../i18n/i18n.ts";
import { collator } from "../../i18n/format.ts";
import { nameOf } from "../../state/people/people.ts";
import { MATCH, matchRank } from "../../text/name_match.ts";
import { Avatar, LoginName, Name } from "../widgets/avatar.tsx";
import { useChat } from "../shell/context.ts";
import { Field } from "../widgets/field.tsx";
import { Icon } from "../widgets/icons.tsx";

const SHOWN_MAX = 30;

/** Adds to and takes from `chosen`; `left` are not offered. */
export function PeoplePicker({ chosen, left, max }: {
  chosen: Signal<readonly number[]>;
  left: ReadonlySet<number>;
  max: number;
}) {
  const chat = useChat();
  const search = useSignal("");
  const letters = search.value.trim().toLowerCase().replace(/^@/, "");
  const answered = useSignal<string | undefined>(undefined);
  const { connected } = chat;
  useEffect(() => {
    if (!connected) return;
    let wanted = true;
    const found = chat.client.listUsers({ prefix: letters });
    Promise.all([found, chat.directory.people()]).catch(() => {}).finally(() => {
      if (wanted) answered.value = letters;
    });
    return () => wanted = false;
  }, [letters, connected]);
  const emptyText = () => {
    if (answered.value !== letters) return connected ? t("loading") : t("needsConnection");
    return letters === "" ? t("nobodyElse") : t("nobodyFound");
  };
  const users = chat.people.known()
    .filter((user) => !user.disabled && !left.has(user.id))
    .map((user) => ({ user, rank: letters === "" ? 0 : matchRank(user, letters) }))
    .filter(({ rank }) => rank < MATCH.none)
    .sort((a, b) => a.rank - b.rank || collator().compare(nameOf(a.user), nameOf(b.user)))
    .slice(0, SHOWN_MAX);
  const toggle = (id: number) => {
    const { value } = chosen;
    chosen.value = value.includes(id) ? value.filter((other) => other !== id) : [...value, id].slice(-max);
  };
  return (
    <>
      {chosen.value.length > 0 && (
        <ul class="chips" aria-label={t("chosenPeople")}>
          {chosen.value.map((id) => (
            <li key={id}>
              <Avatar userId={id} />
              <Name userId={id} />
              <button
                type="button"
                aria-label={t("takeOut", { name: nameOf(chat.people.get(id)) })}
                onClick={() => toggle(id)}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Field label={t("searchPeople")} value={search.value} onValue={(value) => search.value = value} />
      <ul class="entries people">
        {users.map(({ user }) => (
          <li key={user.id}>
            <label class="person">
              <input
                type="checkbox"
                checked={chosen.value.includes(user.id)}
                onChange={() => toggle(user.id)}
              />
              <Avatar userId={user.id} />
              <Name userId={user.id} />
              <LoginName userId={user.id} />
            </label>
          </li>
        ))}
      </ul>
      {users.length === 0 && <p class="muted">{emptyText()}</p>}
    </>
  );
}
