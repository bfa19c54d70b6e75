/**
 * What passes and is never stored: who is here, who is typing. It is sent only
 * to connections that have the user or channel on their screen, and gathered
 * for a moment, so that a flapping device costs one signal.
 *
 * @module
 */
import type { Connection } from "./connection.ts";
import type { Hub } from "../delivery/hub.ts";
import { PresenceState } from "../model.ts";
import type { Clock } from "../ports.ts";
import type { Presence as PresenceItem } from "../reply.ts";
import type { Roster } from "./roster.ts";

const GATHER_MS = 250;
/** Clients forget a typing signal after six seconds, so repeats within this time tell nothing. */
const TYPING_REPEAT_MS = 2500;

export class Presence {
  readonly #hub: Hub;
  readonly #roster: Roster;
  readonly #clock: Clock;
  /** Connections by the user or channel that they watch. */
  readonly #watchers = new Map<number, Set<Connection>>();
  /** State that the watchers were told last; users that are not in it are offline. */
  readonly #told = new Map<number, PresenceState>();
  readonly #changed = new Set<number>();
  #cancelGather: (() => void) | undefined;

  constructor(hub: Hub, roster: Roster, clock: Clock) {
    this.#hub = hub;
    this.#roster = roster;
    this.#clock = clock;
  }

  /** State of a user over all their connections. */
  state(userId: number): PresenceState {
    const connections = this.#roster.of(userId).filter((connection) => connection.opened);
    if (connections.length === 0) return PresenceState.OFFLINE;
    return connections.every((connection) => connection.away) ? PresenceState.AWAY : PresenceState.ONLINE;
  }

  /** Replaces what a connection watches. */
  watch(connection: Connection, ids: ReadonlySet<number>): void {
    this.unwatch(connection);
    for (const id of ids) {
      let watchers = this.#watchers.get(id);
      if (!watchers) this.#watchers.set(id, watchers = new Set());
      watchers.add(connection);
    }
    connection.watched = ids;
  }

  /** Watches nothing any more. */
  unwatch(connection: Connection): void {
    for (const id of connection.watched) this.#drop(connection, id);
    connection.watched = new Set();
  }

  /** Watches one thing less. */
  forget(connection: Connection, id: number): void {
    if (!connection.watched.has(id)) return;
    this.#drop(connection, id);
    connection.watched = new Set([...connection.watched].filter((watched) => watched !== id));
  }

  /** Users among the ids that are not offline. */
  present(ids: Iterable<number>): PresenceItem[] {
    const present: PresenceItem[] = [];
    for (const userId of ids) {
      const state = this.state(userId);
      if (state !== PresenceState.OFFLINE) present.push({ userId, state });
    }
    return present;
  }

  /** Notes that a user's connections have changed; how many will be told at most. */
  changed(userId: number): number {
    this.#changed.add(userId);
    this.#cancelGather ??= this.#clock.after(GATHER_MS, () => this.#tell());
    return this.#watchers.get(userId)?.size ?? 0;
  }

  /** Tells the watchers of a channel that somebody is typing in it; how many those are. */
  typing(connection: Connection, channelId: number): number {
    const now = this.#clock.now();
    if (now - (connection.typedMs.get(channelId) ?? -Infinity) < TYPING_REPEAT_MS) return 0;
    connection.typedMs.set(channelId, now);
    const { userId } = connection.principal;
    const watchers = [...this.#watchers.get(channelId) ?? []]
      .filter((watcher) => watcher.principal.userId !== userId && !watcher.subscriber.behind)
      .map((watcher) => watcher.subscriber);
    this.#hub.pushAll(watchers, { case: "typing", value: { channelId, userId } });
    return watchers.length;
  }

  close(): void {
    this.#cancelGather?.();
    this.#cancelGather = undefined;
  }

  #drop(connection: Connection, id: number): void {
    const watchers = this.#watchers.get(id);
    watchers?.delete(connection);
    if (watchers?.size === 0) this.#watchers.delete(id);
  }

  #tell(): void {
    this.#cancelGather = undefined;
    for (const userId of this.#changed) {
      const state = this.state(userId);
      if (state === (this.#told.get(userId) ?? PresenceState.OFFLINE)) continue;
      if (state === PresenceState.OFFLINE) this.#told.delete(userId);
      else this.#told.set(userId, state);
      // One who is behind gets the present state by watching again.
      const watchers = [...this.#watchers.get(userId) ?? []]
        .filter((watcher) => !watcher.subscriber.behind)
        .map((watcher) => watcher.subscriber);
      this.#hub.pushAll(watchers, { case: "presence", value: { userId, state } });
    }
    this.#changed.clear();
    this.#hub.flush();
  }
}
