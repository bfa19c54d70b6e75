/** Tells those who invite when somebody has come by a link of theirs. @module */
import type { User } from "../../../client/mod.ts";
import { t } from "../../i18n/i18n.ts";
import type { Chat } from "../shell/chat.ts";
import { notify } from "../shell/notices.ts";
import { nameOf } from "../people/people.ts";

/** Shows a notice for each new account, until the chat ends. */
export function keepTellingOfJoined({ client }: Chat): void {
  /** Somebody's account comes just before the use of the invite that made it. */
  let added: { readonly seq: number; readonly user: User } | undefined;
  client.on("event", ({ seq, body }) => {
    if (body.case === "userAdded" && body.value.user) added = { seq, user: body.value.user };
    else if (body.case === "inviteUsed" && added?.seq === seq - 1) {
      const mine = body.value.creatorId !== 0 && body.value.creatorId === client.replica.me?.id;
      if (mine) notify(t("hasJoined", { name: nameOf(added.user) }));
    }
  });
}
