/** Holds what was acknowledged against what is stored. @module */
import type { Finding } from "./findings.ts";
import type { CommandRecord, DeviceRecord, Format, HeldEvent } from "./ledger.ts";
import { commandKey, placeKey, type Truth } from "./truth.ts";
import { markOf } from "./writer.ts";

/** First event of each command that the demo uses. */
const FIRST_EVENT: Readonly<Partial<Record<CommandRecord["name"], string>>> = {
  sendMessage: "messageSent",
  editMessage: "messageEdited",
  deleteMessage: "messageDeleted",
  addReaction: "reactionAdded",
  removeReaction: "reactionRemoved",
  pinMessage: "messagePinned",
  unpinMessage: "messageUnpinned",
  markRead: "readMoved",
  createChannel: "channelCreated",
  openDirect: "channelCreated",
  joinChannel: "memberJoined",
  leaveChannel: "memberLeft",
  addMember: "memberJoined",
  removeMember: "memberLeft",
  setMemberRole: "memberRoleChanged",
  updateChannel: "channelUpdated",
};

/** Events that only a command of its own makes. */
const OWN_EVENTS = new Set([
  "messageSent",
  "messageEdited",
  "messageDeleted",
  "reactionAdded",
  "reactionRemoved",
  "messagePinned",
  "messageUnpinned",
  "readMoved",
  "memberLeft",
  "memberRoleChanged",
  "channelUpdated",
]);

/** What rules refuse when people are not of one mind: gone messages, lost membership, missing rights. */
const FAIR_REFUSALS = new Set(["not_found", "failed_precondition", "permission_denied", "already_exists"]);

/** Every text that a message has had, by its place and by the event that brought it. */
export type Texts = ReadonlyMap<string, ReadonlyMap<number, string>>;

interface Compared {
  readonly findings: Finding[];
  readonly texts: Texts;
}

export function compareCommands(records: readonly DeviceRecord[], truth: Truth): Compared {
  const findings: Finding[] = [];
  const claimed = new Set<string>();
  const texts = new Map<string, Map<number, string>>();
  for (const { name, format, commands } of records) {
    for (const command of commands) {
      const event = truth.byKey.get(commandKey(command));
      const problem = problemOf(command, event);
      if (problem) {
        findings.push({ fault: "lost", count: 1, format, what: `${name}: ${command.name} ${problem}` });
      }
      if (!event) continue;
      if (command.text !== undefined) addText(texts, event, command.text);
      const place = placeKey(event.stream, event.seq);
      if (claimed.has(place)) {
        findings.push({
          fault: "doubled",
          count: 1,
          format,
          what: `${name}: ${place} is two commands' event`,
        });
      }
      claimed.add(place);
    }
  }
  findings.push(...compareStored(records, truth, claimed), ...compareTexts(truth, texts));
  return { findings, texts };
}

function problemOf(command: CommandRecord, event: HeldEvent | undefined): string | undefined {
  const { status, stored, refusal } = command;
  if (status === "sent") return `${command.key} was never answered`;
  if (status === "refused") {
    if (event) return `${command.key} was refused (${refusal?.message}) and stored`;
    return refusal && FAIR_REFUSALS.has(refusal.code)
      ? undefined
      : `was refused: ${refusal?.code}: ${refusal?.message}`;
  }
  if (!event) {
    // Nothing had to change; the answers of joining and opening do not tell whether.
    const unchanged = stored ? stored.seq === 0 : command.name !== "createChannel";
    return unchanged ? undefined : `${command.key} was acknowledged and is not in the database`;
  }
  if (event.kind !== FIRST_EVENT[command.name]) return `${command.key} was stored as ${event.kind}`;
  if (event.actorId !== command.userId) return `${command.key} was stored as done by ${event.actorId}`;
  if (!stored) return undefined;
  const same = stored.stream === event.stream && stored.seq === event.seq && stored.timeMs === event.timeMs;
  if (same) return undefined;
  return `${command.key} was acknowledged as ${stored.stream}:${stored.seq} and is ${event.stream}:${event.seq}`;
}

function addText(texts: Map<string, Map<number, string>>, event: HeldEvent, text: string): void {
  const place = placeKey(event.stream, event.kind === "messageEdited" ? event.target : event.seq);
  const versions = texts.get(place);
  if (versions) versions.set(event.seq, text);
  else texts.set(place, new Map([[event.seq, text]]));
}

/** Whatever is stored and nobody asked for, or is there twice. */
function compareStored(
  records: readonly DeviceRecord[],
  { streams, messages }: Truth,
  claimed: ReadonlySet<string>,
): Finding[] {
  const findings: Finding[] = [];
  const formats = new Map<number, Format>(records.map(({ userId, format }) => [userId, format]));
  const double = (userId: number, what: string) =>
    findings.push({ fault: "doubled", count: 1, format: formats.get(userId) ?? "store", what });
  for (const events of streams.values()) {
    for (const { stream, seq, kind, actorId } of events) {
      if (!OWN_EVENTS.has(kind) || claimed.has(placeKey(stream, seq))) continue;
      double(
        actorId,
        `${kind} ${stream}:${seq} in the database belongs to no command, or to one stored before`,
      );
    }
  }
  const marks = new Set<string>();
  for (const message of [...messages.values()].flat()) {
    const mark = markOf(message.text);
    if (mark !== undefined && marks.has(mark)) {
      double(message.authorId, `the message ${mark} is in the database twice`);
    }
    if (mark !== undefined) marks.add(mark);
  }
  return findings;
}

/** A message says what its last stored command said, to the letter. */
function compareTexts({ messages }: Truth, texts: Texts): Finding[] {
  const findings: Finding[] = [];
  for (const { channelId, seq, text, deleted } of [...messages.values()].flat()) {
    const versions = texts.get(placeKey(channelId, seq));
    if (deleted || !versions) continue;
    const last = versions.get(Math.max(...versions.keys()))!;
    if (text === last) continue;
    const what = `message ${channelId}:${seq} in the database is ${show(text)} and was sent as ${show(last)}`;
    findings.push({ fault: "lost", count: 1, format: "store", what });
  }
  return findings;
}

function show(text: string): string {
  return JSON.stringify(text.slice(-60));
}
