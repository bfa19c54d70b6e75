/**
 * Notifications on the desktop, of messages that call for the user while nobody
 * looks at the page. Of several tabs one shows them, whichever holds the lock;
 * and none does while another is in sight. The tab that takes over shows what
 * came in the last moments and the one before did not get to.
 *
 * @module
 */
import { ChannelKind, type Message } from "../../../client/mod.ts";
import { NAMESPACE } from "../../base.ts";
import { formatList } from "../../i18n/format.ts";
import { t } from "../../i18n/i18n.ts";
import { plainName } from "../../text/names.ts";
import { alertPermission, alertSettings } from "./alert_settings.ts";
import type { Chat } from "../shell/chat.ts";
import { nameOf } from "../people/people.ts";
import { goTo } from "../shell/route.ts";
import { store, stored } from "../shell/storage.ts";

const CHARS_MAX = 160;
const LEADER = `${NAMESPACE}alerts`;
const IN_SIGHT = `${NAMESPACE}in-sight`;
/** Older news is none; longer than a browser takes to end a tab. */
const NEWS_MS = 60_000;
/** Name in the browser's storage of what the leading tab has dealt with: the newest message of each channel. */
const DEALT_WITH = "alerted";

/** Numbers of messages, by channel. */
type DealtWith = Readonly<Record<string, number>>;

/** Shows notifications until the chat ends. */
export function keepAlerting(chat: Chat): void {
  if (typeof navigator.locks === "undefined") return;
  const alerts = new Alerts(chat);
  const { client, lifetime } = chat;
  const ended = new Promise<void>((resolve) => lifetime.addEventListener("abort", () => resolve()));
  const lead = () => {
    alerts.takeOver();
    return ended;
  };
  navigator.locks.request(LEADER, { signal: lifetime }, lead).catch(() => {});
  client.on("message", ({ kind, message }) => {
    if (kind === "sent") void alerts.consider(message);
    else if (kind === "deleted") alerts.close(message.channelId, message.seq);
  });
  client.on("channel", ({ channelId }) => alerts.closeRead(channelId));
  holdWhileInSight(lifetime);
  document.addEventListener("visibilitychange", () => document.hidden || alerts.closeAll(), {
    signal: lifetime,
  });
  lifetime.addEventListener("abort", () => alerts.closeAll());
}

class Alerts {
  /** Of all tabs this is the one that shows them. */
  #leading = false;
  readonly #chat: Chat;
  /** What called while another tab led: the newest of each channel, and when it came. */
  readonly #missed = new Map<number, { readonly message: Message; readonly atMs: number }>();
  /** The newest of each channel. */
  readonly #shown = new Map<number, { readonly seq: number; readonly notification: Notification }>();

  constructor(chat: Chat) {
    this.#chat = chat;
  }

  /** This tab shows them from now on, and first what the one before left undone. */
  takeOver(): void {
    this.#leading = true;
    const dealtWith = stored<DealtWith>(DEALT_WITH) ?? {};
    const missed = [...this.#missed.values()];
    this.#missed.clear();
    for (const { message, atMs } of missed) {
      const news = performance.now() - atMs < NEWS_MS && message.seq > (dealtWith[message.channelId] ?? 0);
      if (news) void this.consider(message);
    }
  }

  /** Shows the message if it calls for the user, and nobody sees the page. */
  async consider(message: Message): Promise<void> {
    const { channelId, seq } = message;
    if (!allowed() || !this.#calls(message)) return;
    const atMs = performance.now();
    // Asked for before it is looked who leads: a tab that has just got the lock knows of it by then.
    const { held } = await navigator.locks.query();
    if (!this.#leading) return void this.#missed.set(channelId, { message, atMs });
    if (!held?.some(({ name }) => name === IN_SIGHT)) await this.#showUnread(message);
    // Also what was in sight in some tab: it would be no news when that is closed.
    const dealtWith = stored<DealtWith>(DEALT_WITH);
    store(DEALT_WITH, { ...dealtWith, [channelId]: Math.max(seq, dealtWith?.[channelId] ?? 0) });
  }

  /** The message is not to be read any more. */
  close(channelId: number, seq: number): void {
    if (this.#missed.get(channelId)?.message.seq === seq) this.#missed.delete(channelId);
    const shown = this.#shown.get(channelId);
    if (shown?.seq !== seq) return;
    shown.notification.close();
    this.#shown.delete(channelId);
  }

  /** It was read, on this or on another device. */
  closeRead(channelId: number): void {
    const shown = this.#shown.get(channelId);
    const readSeq = this.#chat.client.replica.channels.get(channelId)?.readSeq ?? Infinity;
    if (shown && readSeq >= shown.seq) this.close(channelId, shown.seq);
  }

  closeAll(): void {
    for (const [channelId, { seq }] of [...this.#shown]) this.close(channelId, seq);
  }

  async #showUnread(message: Message): Promise<void> {
    if (!this.#wanted()) return;
    const { client } = this.#chat;
    const { channelId, seq, authorId } = message;
    const { channels, users } = client.replica;
    const people = [authorId, ...channels.get(channelId)?.channel.directUserIds ?? []];
    const unknown = people.filter((id) => !users.has(id));
    if (unknown.length > 0) await client.getUsers(unknown).catch(() => {});
    const readSeq = channels.get(channelId)?.readSeq ?? Infinity;
    if (this.#wanted() && readSeq < seq && (this.#shown.get(channelId)?.seq ?? 0) <= seq) this.#show(message);
  }

  #wanted(): boolean {
    return document.hidden && allowed() && !this.#chat.lifetime.aborted;
  }

  #calls({ channelId, authorId, mentionIds, mentionChannel }: Message): boolean {
    const { replica } = this.#chat.client;
    const me = replica.me?.id ?? 0;
    if (authorId === me) return false;
    const direct = replica.channels.get(channelId)?.channel.kind === ChannelKind.DIRECT;
    return direct || mentionChannel || mentionIds.includes(me);
  }

  #show({ channelId, seq, authorId, text }: Message): void {
    const { me, users, channels } = this.#chat.client.replica;
    // Not the list of channels: what is out of sight is drawn later.
    const { kind, name, directUserIds } = channels.get(channelId)!.channel;
    const direct = kind === ChannelKind.DIRECT;
    const nameFor = (id: number) => plainName(nameOf(users.get(id)));
    const others = directUserIds.filter((id) => id !== me?.id).map(nameFor);
    const author = nameFor(authorId);
    const title = direct && others.length === 1
      ? author
      : t("alertIn", { name: author, place: direct ? formatList(others) : `#${name}` });
    const said = text.replaceAll(/\s+/g, " ").trim();
    const body = !alertSettings.peek().text
      ? t(direct ? "alertDirect" : "alertMention")
      : said.length > CHARS_MAX
      ? `${said.slice(0, CHARS_MAX)}…`
      : said;
    try {
      // One for each channel: the newest takes the place of the one before, also of another tab's.
      const options = { body, tag: `${NAMESPACE}${channelId}`, renotify: true };
      const notification = new Notification(title, options);
      notification.onclick = () => {
        focus();
        notification.close();
        goTo(channelId, { messageSeq: seq });
      };
      this.#shown.set(channelId, { seq, notification });
    } catch {
      // Phones have them for installed programs only.
      alertPermission.value = "unsupported";
    }
  }
}

function allowed(): boolean {
  return alertSettings.peek().on && Notification.permission === "granted";
}

/** Other tabs are told that the page is seen, by a lock that ends with the tab at the latest. */
function holdWhileInSight(lifetime: AbortSignal): void {
  let release: (() => void) | undefined;
  const look = () => {
    const seen = !document.hidden && !lifetime.aborted;
    if (seen === (release !== undefined)) return;
    release?.();
    release = undefined;
    if (!seen) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    release = resolve;
    navigator.locks.request(IN_SIGHT, { mode: "shared" }, () => promise).catch(() => {});
  };
  look();
  document.addEventListener("visibilitychange", look, { signal: lifetime });
  lifetime.addEventListener("abort", look);
}
