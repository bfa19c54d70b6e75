/** Tells those who invite when somebody has come by a link of theirs. @module */
import type { Invite, User } from "../../client/mod.ts";
import { t } from "../i18n/i18n.ts";
import type { Chat } from "./chat.ts";
import { notify } from "./notices.ts";
import { nameOf } from "./people.ts";
import { store, stored } from "./storage.ts";

/** Of older invites it is not told. */
const KEPT_MAX = 200;

/** Name in the browser's storage of the numbers of the user's own invites. */
function placeOf(userId: number): string {
  return `invites:${userId}`;
}

/** Remembers which of these invites are the user's own; the server says of an invite that is used only its number. */
export function rememberInvites(chat: Chat, invites: readonly Pick<Invite, "id" | "creatorId">[]): void {
  const me = chat.client.replica.me?.id ?? 0;
  const ids = invites.filter(({ creatorId }) => creatorId === me).map(({ id }) => id);
  const known = stored<number[]>(placeOf(me)) ?? [];
  const fresh = ids.filter((id) => !known.includes(id));
  if (fresh.length > 0) store(placeOf(me), [...known, ...fresh].slice(-KEPT_MAX));
}

/** Shows a notice for each new account, until the chat ends. */
export function keepTellingOfJoined(chat: Chat): void {
  const { client } = chat;
  /** Somebody's account comes just before the invite that made it. */
  let added: { readonly seq: number; readonly user: User } | undefined;
  client.on("event", ({ seq, actorId, body }) => {
    const me = client.replica.me?.id ?? 0;
    if (body.case === "userAdded" && body.value.user) added = { seq, user: body.value.user };
    else if (body.case === "inviteCreated") {
      rememberInvites(chat, [{ id: body.value.inviteId, creatorId: actorId }]);
    } else if (body.case === "inviteUsed" && added?.seq === seq - 1) {
      const own = stored<number[]>(placeOf(me))?.includes(body.value.inviteId);
      if (own) notify(t("hasJoined", { name: nameOf(added.user) }));
    }
  });
}
