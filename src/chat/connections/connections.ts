/** How connections come and go: a place for each, the way in, and the ways out. @module */
import { CloseCode } from "./close_code.ts";
import type { CommittedFacts } from "../facts/committed_facts.ts";
import { Connection } from "./connection.ts";
import { ChatError, Code, sessionEnded } from "../error.ts";
import type { Hub } from "../delivery/hub.ts";
import type { Limits } from "../limits.ts";
import type { Trace } from "../log_event.ts";
import type { Principal } from "../model.ts";
import type { Outlet } from "../ports.ts";
import type { Presence } from "./presence.ts";
import type { Roster } from "./roster.ts";
import type { SessionActivity } from "./session_activity.ts";

interface Dependencies {
  readonly facts: CommittedFacts;
  readonly hub: Hub;
  readonly roster: Roster;
  readonly presence: Presence;
  readonly activity: SessionActivity;
  readonly limits: Limits;
}

/** What whoever is sent away is told. */
export interface Farewell {
  readonly code: CloseCode;
  readonly reason: string;
}

/** What whoever uses an ended session is told. */
const SESSION_ENDED: Farewell = { code: CloseCode.SESSION_ENDED, reason: sessionEnded().message };

export class Connections {
  limits: Limits;
  readonly #deps: Dependencies;

  constructor(dependencies: Dependencies) {
    this.#deps = dependencies;
    this.limits = dependencies.limits;
  }

  /** Refuses one connection too many; otherwise keeps a place for it, which the result gives back, once. */
  admit(principal: Principal): () => void {
    const { roster } = this.#deps;
    const { connectionsPerUser, heartbeatMs } = this.limits;
    if (roster.countOf(principal.userId) >= connectionsPerUser) {
      throw new ChatError(
        Code.RESOURCE_EXHAUSTED,
        `At most ${connectionsPerUser} connections for one user: close another`,
        heartbeatMs,
      );
    }
    return roster.reserve(principal.userId);
  }

  /** Takes a connection in, or closes it when its session has ended. */
  connect(principal: Principal, outlet: Outlet, trace?: Trace): Connection {
    const { facts, roster } = this.#deps;
    const connection = new Connection(principal, outlet, trace);
    if (facts.hasSession(principal.sessionId)) roster.add(connection);
    else {
      // It ended between the handshake and the open socket, when nobody could find this connection.
      connection.closed = true;
      outlet.close(SESSION_ENDED.code, SESSION_ENDED.reason);
    }
    return connection;
  }

  /** Forgets a connection whose socket is gone. May be called again. */
  disconnect(connection: Connection): void {
    if (connection.closed) return;
    connection.closed = true;
    const { hub, roster, presence, activity } = this.#deps;
    const { userId, sessionId } = connection.principal;
    hub.leave(connection.subscriber);
    presence.unwatch(connection);
    roster.remove(connection);
    presence.changed(userId);
    activity.touch(sessionId);
  }

  /** Ends the connections of a session that has ended. */
  endSession(userId: number, sessionId: number): void {
    for (const connection of this.#deps.roster.of(userId)) {
      if (connection.principal.sessionId !== sessionId) continue;
      this.#end(connection, SESSION_ENDED);
    }
  }

  /** Ends every connection, asking the clients to come back spread over a time from now. */
  closeAll(reason: string, { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): void {
    const { roster } = this.#deps;
    const connections = [...roster.all()];
    connections.forEach((connection, index) => {
      const retryAfterMs = Math.floor(fromMs + (toMs - fromMs) * index / connections.length);
      this.dismiss(connection, { code: CloseCode.RESTART, reason, retryAfterMs });
    });
  }

  /** Ends a connection, asking the client to come back after a time. */
  dismiss(connection: Connection, farewell: Farewell & { readonly retryAfterMs: number }): void {
    this.#deps.hub.push(connection.subscriber, { case: "goodbye", value: farewell });
    this.#end(connection, farewell);
  }

  #end(connection: Connection, { code, reason }: Farewell): void {
    this.disconnect(connection);
    connection.subscriber.outlet.close(code, reason);
  }
}
