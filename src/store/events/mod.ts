/** All events that the store knows, each defined in the file of its subject. @module */
import type { EventCase } from "../../chat/event.ts";
import { ACCOUNT_EVENTS } from "./accounts.ts";
import { CHANNEL_EVENTS } from "./channels.ts";
import type { EventDefinitions } from "./definition.ts";
import { INVITE_EVENTS } from "./invites.ts";
import { MEMBER_EVENTS } from "./members.ts";
import { MESSAGE_EVENTS } from "./messages.ts";
import { PIN_EVENTS } from "./pins.ts";
import { REACTION_EVENTS } from "./reactions.ts";
import { READING_EVENTS } from "./reading.ts";
import { SERVER_EVENTS } from "./server.ts";
import { SESSION_EVENTS } from "./sessions.ts";

export { TOMBSTONE } from "./messages.ts";

/** The type demands every event. */
export const EVENTS: EventDefinitions<EventCase> = {
  ...MESSAGE_EVENTS,
  ...REACTION_EVENTS,
  ...PIN_EVENTS,
  ...CHANNEL_EVENTS,
  ...MEMBER_EVENTS,
  ...READING_EVENTS,
  ...SESSION_EVENTS,
  ...ACCOUNT_EVENTS,
  ...INVITE_EVENTS,
  ...SERVER_EVENTS,
};

export const EVENT_CASES = Object.keys(EVENTS) as readonly EventCase[];

/** Numbers of the events in the database. */
export const KIND = Object.fromEntries(
  EVENT_CASES.map((name) => [name, EVENTS[name].kind]),
) as Readonly<Record<EventCase, number>>;
