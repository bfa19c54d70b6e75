/** Holds what clients hold against what the database says. Pure: doctored data shows that it sees. @module */
import { compareChannels } from "./compare_channels.ts";
import { compareCommands, type Texts } from "./compare_commands.ts";
import type { Finding } from "./findings.ts";
import { SERVER_STREAM } from "../../src/client/mod.ts";
import type { DeviceRecord, HeldEvent, Segment } from "./ledger.ts";
import { placeKey, type Truth } from "./truth.ts";

/** Everything that is wrong; empty when the promise was kept. */
export function compare(records: readonly DeviceRecord[], truth: Truth): Finding[] {
  const { findings, texts } = compareCommands(records, truth);
  return [
    ...compareLog(truth),
    ...findings,
    ...records.flatMap((record) => [
      ...record.segments.flatMap((segment) => compareSegment(record, segment, { truth, texts })),
      ...compareMembership(record, truth),
      ...compareWire(record),
      ...compareChannels(record, truth),
    ]),
  ];
}

/** Every stream of the database is 1, 2, 3 … */
function compareLog({ streams }: Truth): Finding[] {
  const findings: Finding[] = [];
  for (const [stream, events] of streams) {
    const wrong = events.findIndex(({ seq }, index) => seq !== index + 1);
    if (wrong < 0) continue;
    const what = `stream ${stream} of the database has ${events[wrong]!.seq} in place ${wrong + 1}`;
    findings.push({
      fault: events[wrong]!.seq <= wrong ? "doubled" : "lost",
      count: 1,
      format: "store",
      what,
    });
  }
  return findings;
}

function compareSegment(
  record: DeviceRecord,
  segment: Segment,
  { truth, texts }: { truth: Truth; texts: Texts },
): Finding[] {
  const { name, format, userId } = record;
  const findings: Finding[] = [];
  const find = (fault: Finding["fault"], what: string, count = 1) =>
    findings.push({ fault, count, format, what: `${name}: ${what}` });
  const log = truth.streams.get(segment.stream) ?? [];
  const seen = new Set<number>();
  let last = segment.after;
  for (const event of segment.events) {
    const where = `event ${event.seq} of stream ${segment.stream}`;
    if (seen.has(event.seq) || event.seq <= segment.after) {
      find("doubled", `${where} came again`);
      continue;
    }
    if (event.seq < last) find("reordered", `${where} came behind ${last}`);
    seen.add(event.seq);
    last = Math.max(last, event.seq);
    const stored = log[event.seq - 1];
    if (!stored) find("lost", `${where} is not in the database`);
    else if (!sameEvent(event, stored, texts)) {
      find("lost", `${where} is ${show(event)} here and ${show(stored)} in the database`);
    }
  }
  const missing: number[] = [];
  const upTo = owedUpTo(segment, { userId, log, last });
  for (let seq = segment.after + 1; seq <= upTo; seq++) if (!seen.has(seq)) missing.push(seq);
  if (missing.length > 0) {
    const which = missing.slice(0, 5).join(", ") + (missing.length > 5 ? " …" : "");
    find(
      "lost",
      `stream ${segment.stream} (from ${segment.after}, ${segment.end}) lacks ${which}`,
      missing.length,
    );
  }
  const stranger = segment.events.filter(({ seq }) => !mayHold(segment.stream, seq, { userId, log }));
  if (stranger.length > 0) {
    const { seq, stream } = stranger[0]!;
    find("leaked", `event ${seq} of stream ${stream} came to somebody who is not a member`, stranger.length);
  }
  return findings;
}

/** The newest event that the client must hold of a segment. */
function owedUpTo(
  { end }: Segment,
  { userId, log, last }: { userId: number; log: readonly HeldEvent[]; last: number },
): number {
  if (end === "open") return log.length;
  // Away, it may have missed the end; what it did hold has no holes all the same.
  if (end !== "left") return last;
  return log.find((event) => event.seq >= last && isLeaving(event, userId))?.seq ?? last;
}

/** Whether the user was a member when it happened, or became one later and had it replayed. */
function mayHold(
  stream: number,
  seq: number,
  { userId, log }: { userId: number; log: readonly HeldEvent[] },
): boolean {
  if (stream === SERVER_STREAM || stream === userId) return true;
  const change = log.slice(seq - 1).find((event) => isJoining(event, userId) || isLeaving(event, userId));
  if (change) return true;
  const before = log.slice(0, seq).findLast((event) => isJoining(event, userId) || isLeaving(event, userId));
  return before !== undefined && isJoining(before, userId);
}

/** Who is a member by the log receives the channel in the end, and nobody else does. */
function compareMembership({ name, format, userId, segments }: DeviceRecord, truth: Truth): Finding[] {
  const findings: Finding[] = [];
  const open = new Set(segments.filter(({ end }) => end === "open").map(({ stream }) => stream));
  for (const [stream, log] of truth.streams) {
    const own = stream === SERVER_STREAM || stream === userId;
    const member = own || truth.places.has(placeKey(stream, userId));
    if (member === open.has(stream)) continue;
    const what = member
      ? `receives nothing of stream ${stream}, of which the database makes it a member`
      : `still receives stream ${stream}, of which it is no member`;
    const joined = log.findLast((event) => isJoining(event, userId))?.seq ?? 1;
    const count = member ? log.length - joined + 1 : 1;
    findings.push({ fault: member ? "lost" : "leaked", count, format, what: `${name}: ${what}` });
  }
  return findings;
}

/** What the SDK noticed on the wire and mended is a broken promise of the server's all the same. */
function compareWire({ name, format, stats }: DeviceRecord): Finding[] {
  const findings: Finding[] = [];
  const { doubled, gaps, strays } = stats;
  const find = (fault: Finding["fault"], count: number, what: string) => {
    if (count > 0) findings.push({ fault, count, format, what: `${name}: ${what}` });
  };
  find("doubled", doubled, `${doubled} events came again over the wire`);
  find("lost", gaps, `${gaps} times an event was missing on the wire`);
  find("leaked", strays, `${strays} events came of streams that were not announced`);
  return findings;
}

/** Replays carry a message's present text, so any text that it ever had is right, and none at all. */
function sameEvent(held: HeldEvent, stored: HeldEvent, texts: Texts): boolean {
  const same = held.kind === stored.kind && held.actorId === stored.actorId &&
    held.timeMs === stored.timeMs &&
    held.target === stored.target && held.seq === stored.seq && held.stream === stored.stream;
  if (!same || held.text === stored.text) return same;
  const message = held.kind === "messageEdited" ? held.target : held.seq;
  if (held.kind !== "messageEdited" && held.kind !== "messageSent") return false;
  const versions = texts.get(placeKey(held.stream, message));
  return held.text === "" || (versions !== undefined && [...versions.values()].includes(held.text));
}

function isJoining({ kind, target }: HeldEvent, userId: number): boolean {
  return kind === "memberJoined" && target === userId;
}

function isLeaving({ kind, target }: HeldEvent, userId: number): boolean {
  return kind === "memberLeft" && target === userId;
}

function show({ kind, actorId, target, text }: HeldEvent): string {
  return `${kind} by ${actorId} of ${target} ${JSON.stringify(text.slice(0, 40))}`;
}
