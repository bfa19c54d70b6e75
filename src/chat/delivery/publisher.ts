/** Shows committed events, in order, and moves live connections in and out as the events say. @module */
import type { Connections } from "../connections/connections.ts";
import type { Event } from "../event.ts";
import type { Hub } from "./hub.ts";
import type { LiveCommands } from "../connections/live.ts";
import type { Log } from "../ports.ts";
import type { Roster } from "../connections/roster.ts";

interface Dependencies {
  readonly hub: Hub;
  readonly roster: Roster;
  readonly live: LiveCommands;
  readonly connections: Connections;
  readonly log: Log;
}

export class Publisher {
  readonly #hub: Hub;
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#hub = dependencies.hub;
    this.#deps = dependencies;
  }

  /** Shows the events of a batch, and sends what is owed. */
  publish(events: readonly Event[]): void {
    for (const event of events) {
      try {
        this.#publishOne(event);
      } catch (error) {
        // The events behind it may take somebody's rights away: they must not be lost with it.
        this.#deps.log.report("publish_failed", { stream: event.stream, seq: event.seq, error });
      }
    }
    this.#hub.flush();
  }

  #publishOne(event: Event): void {
    if (event.body.case === "channelLost") {
      const { channelId } = event.body.value;
      const { roster, live } = this.#deps;
      for (const connection of roster.of(event.stream)) live.lose(connection, channelId);
    }
    this.#hub.publish(event);
    if (event.body.case === "channelGained") {
      const { channelId } = event.body.value;
      const { roster, live } = this.#deps;
      for (const connection of roster.of(event.stream)) live.gain(connection, channelId);
    } else if (event.body.case === "sessionEnded") {
      this.#deps.connections.endSession(event.stream, event.body.value.sessionId);
    }
  }
}
