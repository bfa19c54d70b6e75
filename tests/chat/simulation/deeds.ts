/** What model users do: commands with random targets, sensible or not. @module */
import type { CommandBody } from "../../../src/chat/command.ts";
import type { Dice } from "./dice.ts";
import type { Outgoing } from "./client.ts";
import type { Witness } from "./witness.ts";

const WEIGHTS = {
  sendMessage: 40,
  editMessage: 8,
  deleteMessage: 5,
  addReaction: 10,
  removeReaction: 5,
  pinMessage: 6,
  unpinMessage: 2,
  markRead: 8,
  createChannel: 2,
  updateChannel: 1,
  setChannelArchived: 1,
  joinChannel: 6,
  leaveChannel: 3,
  addMember: 5,
  removeMember: 5,
  banMember: 3,
  unbanMember: 4,
  setMemberRole: 2,
  openDirect: 2,
  updateProfile: 1,
  setUserDisabled: 2,
  revokeSessions: 1,
};

/** Kinds of the events that acknowledge. */
export const KINDS: Record<keyof typeof WEIGHTS, string> = {
  sendMessage: "messageSent",
  editMessage: "messageEdited",
  deleteMessage: "messageDeleted",
  addReaction: "reactionAdded",
  removeReaction: "reactionRemoved",
  pinMessage: "messagePinned",
  unpinMessage: "messageUnpinned",
  markRead: "readMoved",
  createChannel: "channelCreated",
  updateChannel: "channelUpdated",
  setChannelArchived: "channelUpdated",
  joinChannel: "channelCreated",
  leaveChannel: "memberLeft",
  addMember: "memberJoined",
  removeMember: "memberLeft",
  banMember: "memberLeft",
  unbanMember: "memberUnbanned",
  setMemberRole: "memberRoleChanged",
  openDirect: "channelCreated",
  updateProfile: "userUpdated",
  setUserDisabled: "userUpdated",
  revokeSessions: "sessionEnded",
};

/** One deed of so many says something else under the key of its user's last message. */
const TWIN_EVERY = 16;

const EMOJI = ["👍", "🎉", "🐦"];

/** What deeds are about, as a device has it. */
export interface Held {
  readonly channels: ReadonlyMap<number, unknown>;
  /** Whose it is; absent where keys are not taken twice. */
  readonly userId?: number;
}

export class Deeds {
  readonly #dice: Dice;
  readonly #witness: Witness;
  readonly #userIds: readonly number[];
  /** The last message of each user. */
  readonly #messages = new Map<number, Outgoing>();
  #count = 0;

  constructor(dice: Dice, witness: Witness, userIds: readonly number[]) {
    this.#dice = dice;
    this.#witness = witness;
    this.#userIds = userIds;
  }

  /** A durable command of this client's. */
  durable(client: Held): Outgoing {
    const name = this.#dice.weighted(WEIGHTS);
    const number = ++this.#count;
    const body = this.#body(name, client, number);
    // A key may be any printable text; this one tells who and what, for reading failures.
    const outgoing = { key: `${number}`, body, kind: KINDS[name], due: true };
    if (client.userId === undefined) return outgoing;
    const earlier = this.#messages.get(client.userId);
    if (earlier && number % TWIN_EVERY === 0) return this.#twin(earlier, number, client);
    if (name === "sendMessage") this.#messages.set(client.userId, outgoing);
    return outgoing;
  }

  /** Another message under the key of an earlier one, in its channel or elsewhere. */
  #twin({ key, kind }: Outgoing, number: number, client: Held): Outgoing {
    const value = { channelId: this.#channelId(client), text: `${number} instead of ${key}`, replyTo: 0 };
    return { key, body: { case: "sendMessage", value }, kind, due: true };
  }

  /** A command that changes nothing. */
  passing(client: Held): CommandBody {
    const channelId = this.#channelId(client);
    switch (this.#dice.below(4)) {
      case 0:
        return { case: "watch", value: { ids: [channelId, this.#userId()] } };
      case 1:
        return { case: "setTyping", value: { channelId } };
      case 2:
        return { case: "setPresence", value: { away: this.#dice.chance(0.5) } };
      default: {
        const position = { case: "around", value: this.#seq(channelId) } as const;
        return { case: "getHistory", value: { channelId, position, limit: 0 } };
      }
    }
  }

  #body(name: keyof typeof WEIGHTS, client: Held, number: number): CommandBody {
    const channelId = this.#channelId(client);
    const userId = this.#userId();
    const messageSeq = this.#seq(channelId);
    const emoji = this.#dice.pick(EMOJI)!;
    switch (name) {
      case "sendMessage": {
        const replyTo = this.#dice.chance(0.1) ? messageSeq : 0;
        return { case: name, value: { channelId, text: `${number} for @user1 and @channel`, replyTo } };
      }
      case "editMessage":
        return { case: name, value: { channelId, messageSeq, text: `${number} edited, @user2` } };
      case "deleteMessage":
      case "pinMessage":
      case "unpinMessage":
        return { case: name, value: { channelId, messageSeq } };
      case "addReaction":
      case "removeReaction":
        return { case: name, value: { channelId, messageSeq, emoji } };
      case "markRead":
        return { case: name, value: { channelId, seq: messageSeq } };
      case "createChannel":
        return {
          case: name,
          value: { name: `channel${number}`, topic: "", private: this.#dice.chance(0.5) },
        };
      case "updateChannel":
        return { case: name, value: { channelId, topic: `topic ${number}` } };
      case "setChannelArchived":
        return { case: name, value: { channelId, archived: this.#dice.chance(0.3) } };
      case "joinChannel":
      case "leaveChannel":
        return { case: name, value: { channelId: this.#anyChannelId(channelId) } };
      case "addMember":
      case "removeMember":
      case "banMember":
      case "unbanMember":
        return { case: name, value: { channelId, userId } };
      case "setMemberRole":
        return { case: name, value: { channelId, userId, role: this.#dice.chance(0.5) ? 2 : 1 } };
      case "openDirect":
        return {
          case: name,
          value: { userIds: [userId, ...this.#dice.chance(0.3) ? [this.#userId()] : []] },
        };
      case "updateProfile":
        return { case: name, value: { displayName: `User ${number}` } };
      case "setUserDisabled":
        return { case: name, value: { userId, disabled: this.#dice.chance(0.5) } };
      case "revokeSessions":
        return { case: name, value: { sessionId: 0, allOthers: true } };
    }
  }

  #userId(): number {
    return this.#dice.pick(this.#userIds)!;
  }

  /** Mostly a channel that the client has, sometimes a guess. */
  #channelId(client: Held): number {
    const own = this.#dice.chance(0.85) ? this.#dice.pick([...client.channels.keys()]) : undefined;
    return own ?? this.#anyChannelId(0);
  }

  #anyChannelId(otherwise: number): number {
    return this.#dice.pick(this.#witness.channelIds) ?? otherwise;
  }

  /** An event near the end of the channel: a message, or not. */
  #seq(channelId: number): number {
    const head = this.#witness.log.get(channelId)?.length ?? 1;
    return Math.max(1, head - this.#dice.below(8));
  }
}
