/** The metrics by what they are about. docs/metrics.md has them all in one table. @module */
import process from "node:process";
import { CloseCode } from "../chat/connections/close_code.ts";
import { Code } from "../chat/error.ts";
import type { ChatStats } from "../chat/stats.ts";
import type { Exposition, Samples } from "./exposition.ts";
import type { Histogram } from "./histogram.ts";
import type { FollowerReport, Log, PasswordLoad, Sources, Store } from "./sources.ts";

export function addDelivery(out: Exposition, stats: ChatStats): void {
  out
    .gauge("rookery_connections", "Open connections.", stats.connections)
    .gauge("rookery_users_online", "Users with at least one open connection.", stats.users)
    .counter("rookery_deliveries_total", "Events given to subscribers.", stats.deliveries)
    .counter("rookery_frames_sent_total", "Frames sent to sockets.", stats.frames)
    .counter("rookery_sent_bytes_total", "Bytes of the frames sent to sockets.", stats.bytes)
    .gauge("rookery_frames_queued", "Frames that wait for their turn in a fan-out.", stats.due)
    .gauge(
      "rookery_subscribers_behind",
      "Connections left out of live delivery until they have caught up.",
      stats.behind,
    )
    .counter(
      "rookery_subscribers_fell_behind_total",
      "Times that a connection read too slowly and was left out.",
      stats.fellBehind,
    )
    .counter(
      "rookery_reloads_total",
      "Times that a stream was too far behind to be replayed and had to be loaded anew.",
      stats.reloads,
    )
    .counter(
      "rookery_commands_refused_total",
      "Commands answered with an error, by its code.",
      byCode(stats.refused),
    );
}

export function addCommits(
  out: Exposition,
  { stats, store, batch, commit }: { stats: ChatStats; store: Store; batch: Histogram; commit: Histogram },
): void {
  out
    .gauge("rookery_commands_queued", "Commands waiting for the next batch.", stats.queued)
    .histogram("rookery_batch_commands", "Commands stored by one transaction.", batch)
    .histogram(
      "rookery_commit_duration_seconds",
      "Time of the writer for one transaction, until it was on disk.",
      commit,
    )
    .gauge(
      "rookery_writer_waiting_seconds",
      "How long the oldest write under way has taken so far, 0 without one.",
      store.waitingMs / 1000,
    )
    .counter(
      "rookery_writers_replaced_total",
      "Database writers that died and were replaced.",
      store.writersReplaced,
    )
    .counter(
      "rookery_commit_failures_total",
      "Transactions of which nothing could be stored.",
      stats.failures,
    )
    .counter("rookery_events_stored_total", "Events stored.", stats.events)
    .counter(
      "rookery_allowed_bytes_total",
      "Bytes stored on behalf of users, as their daily allowance counts them.",
      stats.allowedBytes,
    )
    .counter(
      "rookery_allowance_refusals_total",
      "Commands refused because their user had used up an allowance: channels, conversations, people added, bytes.",
      stats.allowanceRefusals,
    )
    .gauge(
      "rookery_disk_free_bytes",
      "Bytes free on the data folder's disk at the last look; NaN where the system does not tell.",
      store.diskFree ?? NaN,
    )
    .gauge(
      "rookery_disk_low",
      "1 while the disk has so little room that nothing new is stored.",
      Number(store.diskLow !== undefined),
    )
    .gauge("rookery_database_size_bytes", "Size of the database.", sizeOf(() => store.databaseBytes()))
    .gauge(
      "rookery_wal_size_bytes",
      "Size of the file with the write-ahead log.",
      sizeOf(() => store.walBytes()),
    );
}

export function addFollowers(out: Exposition, reports: readonly FollowerReport[]): void {
  if (reports.length === 0) return;
  const each = (value: (report: FollowerReport) => number): Samples =>
    reports.map((report) => [{ follower: report.name }, value(report)]);
  out
    .gauge(
      "rookery_follower_position",
      "Last change of the log that the follower has seen.",
      each(({ position }) => position),
    )
    .gauge(
      "rookery_follower_lag",
      "Changes of the log that the follower has not seen.",
      each(({ lag }) => lag),
    )
    .gauge(
      "rookery_follower_catching_up",
      "1 while the follower has not met the end of the log since the start, or since it began anew.",
      each(({ state }) => Number(state === "catching_up")),
    )
    .gauge(
      "rookery_follower_failing",
      "1 while the follower fails and is tried again.",
      each(({ state }) => Number(state === "failing")),
    )
    .counter(
      "rookery_follower_failures_total",
      "Attempts of the follower that failed.",
      each(({ failures }) => failures),
    )
    .counter(
      "rookery_follower_rebuilds_total",
      "Times that the follower began anew.",
      each(({ rebuilds }) => rebuilds),
    );
}

export function addDoor(out: Exposition, { server, logins, checks }: Sources): void {
  const { responses, upgrades, refused, commandsRefused, closed, limited } = server.traffic;
  const closes = Object.entries(CloseCode).map(([name, code]) =>
    [{ reason: name.toLowerCase() }, closed.get(code) ?? 0] as const
  );
  const failing = new Set(server.failing().map(({ check }) => check));
  out
    .counter(
      "rookery_http_requests_total",
      "HTTP requests answered, by the class of the status.",
      responses.slice(1).map((count, index) => [{ status: `${index + 1}xx` }, count]),
    )
    .counter(
      "rookery_http_commands_refused_total",
      "Commands by POST that were refused before they were looked at, by the code of the error.",
      byCode(commandsRefused),
    )
    .counter("rookery_websocket_upgrades_total", "WebSocket handshakes accepted.", upgrades)
    .counter(
      "rookery_websocket_refusals_total",
      "WebSocket handshakes refused, by the code of the error.",
      byCode(refused),
    )
    .counter("rookery_websocket_closes_total", "Sockets that the server closed, by reason.", closes)
    .gauge(
      "rookery_websockets",
      "Sockets that the runtime holds, those that are closing included.",
      server.sockets.size,
    )
    .gauge(
      "rookery_unsent_bytes",
      "Bytes in all sockets that their peers have not taken, as they were looked at last.",
      server.sockets.unsentBytes,
    )
    .counter(
      "rookery_limited_total",
      "Commands, connections and logins refused because there were too many, by the limit.",
      Object.entries({ ...limited, logins: logins.refused }).map(([limit, count]) => [{ limit }, count]),
    )
    .gauge("rookery_ready", "Whether the server is ready: 1 or 0.", failing.size === 0 ? 1 : 0)
    .gauge(
      "rookery_check_failing",
      "Whether this keeps the server from being ready: 1 or 0.",
      checks.map((check) => [{ check }, failing.has(check) ? 1 : 0]),
    );
}

export function addPasswords(
  out: Exposition,
  { waiting, running, refused, replaced }: PasswordLoad,
  duration: Histogram,
): void {
  out
    .gauge("rookery_passwords_queued", "Passwords waiting for a bcrypt worker.", waiting)
    .gauge("rookery_passwords_running", "Passwords in a bcrypt worker.", running)
    .counter(
      "rookery_passwords_refused_total",
      "Passwords not looked at because too many were waiting.",
      refused,
    )
    .counter(
      "rookery_password_workers_replaced_total",
      "Bcrypt workers that died and were replaced.",
      replaced,
    )
    .histogram("rookery_password_duration_seconds", "Time of a bcrypt worker for one password.", duration);
}

export function addLog(out: Exposition, { lines, lost }: Log, uncaught: Sources["uncaught"]): void {
  out
    .counter(
      "rookery_log_lines_total",
      "Lines for the log by level, those left out of a flood included.",
      Object.entries(lines).map(([level, count]) => [{ level }, count]),
    )
    .counter("rookery_log_lines_lost_total", "Lines for the log that nobody took in time.", lost)
    .counter(
      "rookery_uncaught_errors_total",
      "Errors that nobody caught, by kind; each is a fault of the server.",
      Object.entries(uncaught).map(([kind, count]) => [{ kind }, count]),
    );
}

export function addProcess(out: Exposition, version: string, loop: Histogram): void {
  const { rss, heapTotal, heapUsed, external } = Deno.memoryUsage();
  const { user, system } = process.cpuUsage();
  out
    .histogram(
      "rookery_event_loop_delay_seconds",
      "How late a timer came that looks at the event loop ten times a second.",
      loop,
    )
    .gauge("rookery_heap_used_bytes", "Live part of the heap of the main isolate.", heapUsed)
    .gauge("rookery_heap_size_bytes", "Heap of the main isolate.", heapTotal)
    .gauge("rookery_heap_external_bytes", "Memory outside of the heap that its objects hold.", external)
    .counter("process_cpu_seconds_total", "Processor time of the whole process.", (user + system) / 1_000_000)
    .gauge("process_resident_memory_bytes", "Memory of the whole process that is resident.", rss)
    .gauge(
      "process_start_time_seconds",
      "Start of the process, in seconds since 1970 UTC.",
      performance.timeOrigin / 1000,
    )
    .gauge("rookery_build_info", "Always 1; the labels tell what runs.", [
      [{ version, deno: Deno.version.deno }, 1],
    ]);
}

/** One sample for each kind of error, so that every series exists before its first event. */
function byCode(counts: readonly number[]): Samples {
  return Object.entries(Code).map(([name, code]) => [{ reason: name.toLowerCase() }, counts[code] ?? 0]);
}

/** Metrics are never wanted more than when the disk fails. */
function sizeOf(read: () => number): number {
  try {
    return read();
  } catch {
    return NaN;
  }
}
