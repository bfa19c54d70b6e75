/** A user's sign: an egg in a color of its own, with the first letters of the name. @module */
import { PresenceState } from "../../../client/mod.ts";
import { nameOf } from "../../state/people/people.ts";
import { initialsOf } from "../../text/names.ts";
import { useChat } from "../shell/context.ts";

/** Steps round the circle of colors; the golden angle keeps neighbours apart. */
const HUES = 12;

export function Avatar({ userId, presence = false }: { userId: number; presence?: boolean }) {
  const chat = useChat();
  const user = chat.people.get(userId);
  return (
    <span class={`avatar hue-${(userId * 5) % HUES}`} aria-hidden="true">
      <span class="egg">{user ? initialsOf(nameOf(user)) : ""}</span>
      {presence && <PresenceDot userId={userId} />}
    </span>
  );
}

export function PresenceDot({ userId }: { userId: number }) {
  const state = useChat().people.presence(userId);
  if (state === undefined) return null;
  const name = state === PresenceState.ONLINE ? "online" : state === PresenceState.AWAY ? "away" : "offline";
  return <span class={`presence ${name}`} />;
}

/** A display name that cannot change what stands around it. */
export function Name({ userId }: { userId: number }) {
  return <bdi class="name">{nameOf(useChat().people.get(userId))}</bdi>;
}

/** The login name, which nobody else can have or imitate; nothing where it is what is shown already. */
export function LoginName({ userId }: { userId: number }) {
  const user = useChat().people.get(userId);
  if (!user || user.displayName === "") return null;
  return <span class="login">@{user.name}</span>;
}
