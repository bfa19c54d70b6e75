/**
 * Commands that belong to one connection and change nothing durable: open,
 * ping, watch, typing, presence.
 *
 * @module
 */
import type { CommandBodies, CommandBody } from "../command.ts";
import type { CommittedFacts } from "../facts/committed_facts.ts";
import { wireLimits } from "../commands/server.ts";
import { isMember } from "../commands/authorisation.ts";
import type { Connection } from "./connection.ts";
import { invalid, notFound, unmet } from "../error.ts";
import type { Hub } from "../delivery/hub.ts";
import type { Limits } from "../limits.ts";
import { ChannelKind, type ChannelView, type JoinedChannel, SERVER_STREAM } from "../model.ts";
import type { StoreReader } from "../ports.ts";
import type { Presence } from "./presence.ts";
import { DONE, type Result } from "../reply.ts";

interface Dependencies {
  readonly facts: CommittedFacts;
  readonly reader: StoreReader;
  readonly hub: Hub;
  readonly presence: Presence;
  readonly limits: Limits;
  readonly version: string;
}

/** What a connection's own command comes to. */
export interface LiveOutcome {
  readonly result: Result;
  /** Other connections that are told of it. */
  readonly receivers?: number;
  /** Streams that the connection receives from now on. */
  readonly subscribed?: number;
  /** What follows the reply: the missed events come behind the welcome. */
  after?(): void;
}

export class LiveCommands {
  limits: Limits;
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
    this.limits = dependencies.limits;
  }

  /** Runs a command of a connection; undefined when it is not one of these. */
  run(connection: Connection, body: CommandBody): LiveOutcome | undefined {
    switch (body.case) {
      case "open":
        return this.#open(connection, body.value);
      case "ping":
        return { result: DONE };
      case "watch":
        return { result: this.#watch(connection, body.value.ids) };
      case "setTyping":
        return { result: DONE, receivers: this.#type(connection, body.value.channelId) };
      case "setPresence":
        return { result: DONE, receivers: this.#setAway(connection, body.value.away) };
      default:
        return undefined;
    }
  }

  /** Lets a connection receive a channel from now on. */
  gain(connection: Connection, channelId: number): void {
    const { facts, hub } = this.#deps;
    const { subscriber, principal } = connection;
    if (subscriber.behind) {
      // The replay may hold the end of an earlier membership, which must not come after the new beginning.
      subscriber.onCaughtUp.push(() => this.gain(connection, channelId));
      return;
    }
    const channel = facts.channel(channelId);
    const membership = facts.membership(channelId, principal.userId);
    // It may have ended again meanwhile, or have been part of the Welcome.
    const wanted = connection.opened && !connection.closed && !subscriber.streams.has(channelId);
    if (!wanted || !channel || !isMember(membership)) return;
    hub.subscribe(subscriber, channelId);
    // Who left and came back in one batch hears of the leaving first, or would take it for the last word.
    hub.handOut(principal.userId);
    hub.push(subscriber, { case: "subscribed", value: this.#presentView({ channel, membership }) });
  }

  /** Cuts a connection off from a channel. */
  lose(connection: Connection, channelId: number): void {
    this.#deps.hub.unsubscribe(connection.subscriber, channelId);
    this.#deps.presence.forget(connection, channelId);
  }

  #open(connection: Connection, body: CommandBodies["open"]): LiveOutcome {
    if (connection.opened) unmet("The connection is open already");
    const { hub, reader, version } = this.#deps;
    const { limits } = this;
    const { userId, sessionId } = connection.principal;
    const user = reader.user(userId) ?? notFound("user");
    connection.opened = true;
    connection.away = body.away;
    const joined = reader.channelsOf(userId);
    hub.subscribeAll(connection.subscriber, [
      SERVER_STREAM,
      userId,
      ...joined.map(({ channel }) => channel.id),
    ]);
    // Read again now that the heads are known: see #presentView.
    const present = new Map(reader.channelsOf(userId).map((place) => [place.channel.id, place]));
    const channels = joined.map((place) => this.#view(present.get(place.channel.id) ?? place));
    this.#deps.presence.changed(userId);
    const cursors = this.#cursors(connection, body);
    const result: Result = {
      case: "welcome",
      value: {
        epoch: reader.epoch,
        user,
        sessionId,
        userHeadSeq: hub.head(userId),
        serverHeadSeq: hub.head(SERVER_STREAM),
        channels,
        limits: wireLimits(limits),
        heartbeatMs: limits.heartbeatMs,
        version,
      },
    };
    const { subscriber } = connection;
    return {
      result,
      subscribed: joined.length,
      after: () => {
        hub.resume(subscriber, cursors, () => hub.push(subscriber, { case: "caughtUp", value: {} }));
        // Up to here the Welcome has told it.
        subscriber.onReload = (stream) => this.#retell(connection, stream);
      },
    };
  }

  /** A skipped event may have changed the channel or the user's role in it. */
  #retell(connection: Connection, channelId: number): void {
    const { facts, hub } = this.#deps;
    const channel = facts.channel(channelId);
    const membership = facts.membership(channelId, connection.principal.userId);
    if (!channel || !isMember(membership)) return;
    hub.push(connection.subscriber, {
      case: "subscribed",
      value: this.#presentView({ channel, membership }),
    });
  }

  /** Cursors of streams that the user still receives; of another epoch they lie behind everything. */
  #cursors(connection: Connection, body: CommandBodies["open"]): Map<number, number> {
    const cursors = new Map<number, number>();
    const sameHistory = body.epoch === this.#deps.reader.epoch;
    for (const { stream, seq } of body.cursors) {
      if (!connection.subscriber.streams.has(stream)) continue;
      cursors.set(stream, sameHistory ? seq : Number.POSITIVE_INFINITY);
    }
    return cursors;
  }

  /**
   * A head that was read from the store may be newer than the facts, which wait for the running
   * commit's answer. What the view tells must not be older than its head, so it is read after it.
   */
  #presentView({ channel, membership }: JoinedChannel): ChannelView {
    const { reader } = this.#deps;
    return this.#view({
      channel: reader.channel(channel.id) ?? channel,
      membership: reader.membership(channel.id, membership.userId) ?? membership,
    });
  }

  /** Of what was read when the stream's head was known. */
  #view({ channel, membership }: JoinedChannel): ChannelView {
    const { hub, reader } = this.#deps;
    const { channelId, userId, role, readSeq } = membership;
    const headSeq = hub.head(channelId);
    const counts = headSeq > readSeq
      ? reader.unread(channelId, userId, {
        afterSeq: readSeq,
        upToSeq: headSeq,
        limit: this.limits.unreadCount,
      })
      : { unread: 0, mentions: 0 };
    const newest = channel.kind === ChannelKind.DIRECT
      ? reader.events(channelId, { after: headSeq - 1, upTo: headSeq, limit: 1 })[0]
      : undefined;
    const headMs = newest?.timeMs ?? 0;
    return { channel, role, headSeq, headMs, readSeq, ...counts };
  }

  #watch(connection: Connection, ids: readonly number[]): Result {
    const { facts, presence } = this.#deps;
    const { watchedIds } = this.limits;
    if (ids.length > watchedIds) invalid(`Watch at most ${watchedIds} users and channels`);
    const { userId } = connection.principal;
    const users = ids.filter((id) => facts.user(id) !== undefined);
    const channels = ids.filter((id) => isMember(facts.membership(id, userId)));
    presence.watch(connection, new Set([...users, ...channels]));
    return { case: "presencePage", value: { presences: presence.present(new Set(users)) } };
  }

  /** How many are told. */
  #setAway(connection: Connection, away: boolean): number {
    if (connection.away === away) return 0;
    connection.away = away;
    return this.#deps.presence.changed(connection.principal.userId);
  }

  /** How many are told. */
  #type(connection: Connection, channelId: number): number {
    const { facts, presence } = this.#deps;
    if (!isMember(facts.membership(channelId, connection.principal.userId))) notFound("channel");
    if (facts.channel(channelId)?.archived) unmet("The channel is archived: nothing can be written in it");
    return presence.typing(connection, channelId);
  }
}
