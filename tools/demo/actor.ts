/** What one device does: talks, answers, edits, deletes, reacts, reads, comes and goes. @module */
import { ChannelKind, ChannelRole, type ChannelState } from "../../src/client/mod.ts";
import type { Device } from "./cast.ts";
import { openDirect } from "./places.ts";
import type { Random } from "./random.ts";
import type { Writer } from "./writer.ts";

/** What all actors share. */
export interface Stage {
  readonly writer: Writer;
  readonly names: readonly string[];
  readonly userIds: readonly number[];
  readonly emoji: readonly string[];
  readonly signal: AbortSignal;
  /** Messages that may still be sent. */
  messagesLeft: number;
}

/** Commands without an answer that a device has at most, so that an outage does not pile up everything. */
const UNANSWERED = 24;
const PAUSE_MS = 160;
const BURST = 3;
const AWAY_MS = 400;
/** People speak of what was said lately. */
const LATELY = 30;

type Deed = (channel: ChannelState) => Promise<unknown> | undefined;

export class Actor {
  readonly #device: Device;
  readonly #stage: Stage;
  readonly #random: Random;
  readonly #deeds: readonly { readonly weight: number; readonly deed: Deed }[];
  readonly #unanswered = new Set<Promise<unknown>>();

  constructor(device: Device, stage: Stage, random: Random) {
    this.#device = device;
    this.#stage = stage;
    this.#random = random;
    this.#deeds = [
      { weight: 55, deed: (channel) => this.#say(channel) },
      { weight: 7, deed: (channel) => this.#edit(channel) },
      { weight: 3, deed: (channel) => this.#delete(channel) },
      { weight: 14, deed: (channel) => this.#react(channel) },
      { weight: 5, deed: (channel) => this.#unreact(channel) },
      { weight: 2, deed: (channel) => this.#pin(channel) },
      { weight: 10, deed: (channel) => this.#read(channel) },
      { weight: 1, deed: (channel) => this.#rejoin(channel) },
      { weight: 1, deed: (channel) => this.#removeAndAdd(channel) },
      { weight: 0.5, deed: (channel) => this.#retitle(channel) },
      { weight: 0.5, deed: () => openDirect(device, stage.userIds, random) },
    ];
  }

  /** Acts until all messages are sent; resolves when everything is answered. */
  async run(): Promise<void> {
    const { signal } = this.#stage;
    while (this.#stage.messagesLeft > 0 && !signal.aborted) {
      // Some things come together, and so do their frames and commits.
      for (let deeds = 1 + this.#random.below(BURST); deeds > 0; deeds--) this.#act();
      await pause(this.#random.next() * 2 * PAUSE_MS);
      while (this.#unanswered.size >= UNANSWERED && !signal.aborted) await Promise.race(this.#unanswered);
    }
    await Promise.all(this.#unanswered);
  }

  #act(): void {
    const channel = this.#random.pick([...this.#device.client.replica.channels.values()]);
    if (!channel) return;
    const total = this.#deeds.reduce((sum, { weight }) => sum + weight, 0);
    let at = this.#random.next() * total;
    const chosen = this.#deeds.find(({ weight }) => (at -= weight) < 0) ?? this.#deeds[0]!;
    const answered = chosen.deed(channel);
    if (!answered) return;
    this.#unanswered.add(answered);
    void answered.finally(() => this.#unanswered.delete(answered));
  }

  #say(channel: ChannelState): Promise<unknown> {
    const channelId = channel.channel.id;
    const { text, answers } = this.#stage.writer.next(channelId, this.#stage.names);
    const replyTo = answers ? this.#recent(channel)?.seq ?? 0 : 0;
    this.#stage.messagesLeft--;
    return this.#device.ledger.command("sendMessage", { channelId, text, replyTo });
  }

  #edit(channel: ChannelState): Promise<unknown> | undefined {
    const message = this.#recent(channel, { mine: true });
    if (!message) return;
    const { ledger } = this.#device;
    return ledger.command("editMessage", { ...place(message), text: this.#stage.writer.revision() });
  }

  #delete(channel: ChannelState): Promise<unknown> | undefined {
    const message = this.#recent(channel, { mine: channel.role < ChannelRole.MODERATOR });
    return message && this.#device.ledger.command("deleteMessage", place(message));
  }

  #react(channel: ChannelState): Promise<unknown> | undefined {
    const message = this.#recent(channel);
    if (!message) return;
    // Agreeing with others is more common than finding an emoji of one's own.
    const known = this.#random.pick(message.reactions)?.emoji;
    const emoji = known && this.#random.chance(0.6) ? known : this.#random.pick(this.#stage.emoji)!;
    return this.#device.ledger.command("addReaction", { ...place(message), emoji });
  }

  /** Pins a message, or takes the pin from one. */
  #pin(channel: ChannelState): Promise<unknown> | undefined {
    const message = channel.role < ChannelRole.MODERATOR ? undefined : this.#recent(channel);
    return message &&
      this.#device.ledger.command(message.pinned ? "unpinMessage" : "pinMessage", place(message));
  }

  #unreact(channel: ChannelState): Promise<unknown> | undefined {
    const { userId, ledger } = this.#device;
    const mine = channel.messages.slice(-LATELY).flatMap((message) =>
      message.reactions.filter(({ userIds }) => userIds.includes(userId)).map(({ emoji }) => ({
        message,
        emoji,
      }))
    );
    const chosen = this.#random.pick(mine);
    return chosen && ledger.command("removeReaction", { ...place(chosen.message), emoji: chosen.emoji });
  }

  #read(channel: ChannelState): Promise<unknown> {
    const { id: channelId } = channel.channel;
    return this.#device.ledger.command("markRead", {
      channelId,
      seq: channel.headSeq - this.#random.below(3),
    });
  }

  /** Leaves a public channel and comes back, at once or after a while. */
  #rejoin(channel: ChannelState): Promise<unknown> | undefined {
    const { kind, id: channelId } = channel.channel;
    if (kind !== ChannelKind.PUBLIC || channel.role === ChannelRole.OWNER) return;
    const { ledger } = this.#device;
    const left = ledger.command("leaveChannel", { channelId });
    if (this.#random.chance(0.5)) return Promise.all([left, ledger.command("joinChannel", { channelId })]);
    return left.then(() => pause(AWAY_MS)).then(() => ledger.command("joinChannel", { channelId }));
  }

  /** Shows somebody out of a channel, and asks them in again. */
  #removeAndAdd(channel: ChannelState): Promise<unknown> | undefined {
    const { kind, id: channelId } = channel.channel;
    if (kind === ChannelKind.DIRECT || channel.role < ChannelRole.OWNER) return;
    const { userId: me, ledger } = this.#device;
    const userId = this.#random.pick(this.#stage.userIds.filter((id) => id !== me))!;
    const removed = ledger.command("removeMember", { channelId, userId });
    if (this.#random.chance(0.5)) {
      return Promise.all([removed, ledger.command("addMember", { channelId, userId })]);
    }
    return removed.then(() => pause(AWAY_MS)).then(() => ledger.command("addMember", { channelId, userId }));
  }

  #retitle(channel: ChannelState): Promise<unknown> | undefined {
    const { kind, id: channelId } = channel.channel;
    if (kind === ChannelKind.DIRECT || channel.role < ChannelRole.MODERATOR) return;
    const topic = this.#stage.writer.revision().replaceAll("\n", " ").slice(0, 80);
    return this.#device.ledger.command("updateChannel", { channelId, topic });
  }

  #recent(channel: ChannelState, { mine = false }: { mine?: boolean } = {}) {
    const { userId } = this.#device;
    const recent = channel.messages.slice(-LATELY);
    return this.#random.pick(
      recent.filter(({ deleted, authorId }) => !deleted && (!mine || authorId === userId)),
    );
  }
}

function place({ channelId, seq }: { channelId: number; seq: number }) {
  return { channelId, messageSeq: seq };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
