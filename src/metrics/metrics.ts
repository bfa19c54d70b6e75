/**
 * Everything that the operator can measure. What others count anyway is read
 * when somebody asks; here is only what has to be measured as it happens.
 *
 * @module
 */
import process from "node:process";
import { CloseCode } from "../chat/close_code.ts";
import { Code } from "../chat/error.ts";
import type { ChatStats } from "../chat/stats.ts";
import { Exposition, type Samples } from "./exposition.ts";
import { Histogram } from "./histogram.ts";
import { LoopDelay } from "./loop_delay.ts";

/** What is measured by others. */
export interface Sources {
  readonly version: string;
  readonly chat: { stats(): ChatStats };
  readonly server: { readonly traffic: Traffic };
  /** Throws when the disk does. */
  readonly store: { databaseBytes(): number; walBytes(): number };
  readonly passwords: { readonly load: PasswordLoad };
}

/** What came to the door since the start. */
interface Traffic {
  /** HTTP responses by the first digit of their status. */
  readonly responses: readonly number[];
  readonly upgrades: number;
  /** Handshakes that were refused, by {@link Code}. */
  readonly refused: readonly number[];
  /** Sockets that the server ended, by {@link CloseCode}. */
  readonly closed: ReadonlyMap<number, number>;
}

interface PasswordLoad {
  readonly waiting: number;
  readonly running: number;
  /** Since the start: the queue was full. */
  readonly refused: number;
}

const BATCH_COMMANDS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000];
const COMMIT_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const PASSWORD_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class Metrics implements Disposable {
  readonly #batch = new Histogram(BATCH_COMMANDS);
  readonly #commit = new Histogram(COMMIT_S);
  readonly #password = new Histogram(PASSWORD_S);
  readonly #loop = new LoopDelay();

  /** A batch was stored. */
  committed(commands: number, tookMs: number): void {
    this.#batch.observe(commands);
    this.#commit.observe(tookMs / 1000);
  }

  /** A password was hashed or verified. */
  hashed(tookMs: number): void {
    this.#password.observe(tookMs / 1000);
  }

  /** All of it in Prometheus' text format. */
  render(sources: Sources): string {
    const out = new Exposition();
    const stats = sources.chat.stats();
    this.#delivery(out, stats);
    this.#commits(out, stats, sources.store);
    this.#door(out, sources.server.traffic);
    this.#passwords(out, sources.passwords.load);
    this.#process(out, sources.version);
    return out.toString();
  }

  [Symbol.dispose](): void {
    this.#loop[Symbol.dispose]();
  }

  #delivery(out: Exposition, stats: ChatStats): void {
    out
      .gauge("rookery_connections", "Open connections.", stats.connections)
      .gauge("rookery_users_online", "Users with at least one open connection.", stats.users)
      .counter("rookery_deliveries_total", "Events given to subscribers.", stats.deliveries)
      .counter("rookery_frames_sent_total", "Frames sent to sockets.", stats.frames)
      .counter("rookery_sent_bytes_total", "Bytes of the frames sent to sockets.", stats.bytes)
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

  #commits(out: Exposition, stats: ChatStats, store: Sources["store"]): void {
    out
      .gauge("rookery_commands_queued", "Commands waiting for the next batch.", stats.queued)
      .histogram("rookery_batch_commands", "Commands stored by one transaction.", this.#batch)
      .histogram(
        "rookery_commit_duration_seconds",
        "Time of the writer for one transaction, until it was on disk.",
        this.#commit,
      )
      .counter(
        "rookery_commit_failures_total",
        "Transactions of which nothing could be stored.",
        stats.failures,
      )
      .counter("rookery_events_stored_total", "Events stored.", stats.events)
      .gauge("rookery_database_size_bytes", "Size of the database.", sizeOf(() => store.databaseBytes()))
      .gauge(
        "rookery_wal_size_bytes",
        "Size of the file with the write-ahead log.",
        sizeOf(() => store.walBytes()),
      );
  }

  #door(out: Exposition, { responses, upgrades, refused, closed }: Traffic): void {
    const closes = Object.entries(CloseCode).map(([name, code]) =>
      [{ reason: name.toLowerCase() }, closed.get(code) ?? 0] as const
    );
    out
      .counter(
        "rookery_http_requests_total",
        "HTTP requests answered, by the class of the status.",
        responses.slice(1).map((count, index) => [{ status: `${index + 1}xx` }, count]),
      )
      .counter("rookery_websocket_upgrades_total", "WebSocket handshakes accepted.", upgrades)
      .counter(
        "rookery_websocket_refusals_total",
        "WebSocket handshakes refused, by the code of the error.",
        byCode(refused),
      )
      .counter("rookery_websocket_closes_total", "Sockets that the server closed, by reason.", closes);
  }

  #passwords(out: Exposition, { waiting, running, refused }: PasswordLoad): void {
    out
      .gauge("rookery_passwords_queued", "Passwords waiting for a bcrypt worker.", waiting)
      .gauge("rookery_passwords_running", "Passwords in a bcrypt worker.", running)
      .counter(
        "rookery_passwords_refused_total",
        "Passwords not looked at because too many were waiting.",
        refused,
      )
      .histogram(
        "rookery_password_duration_seconds",
        "Time of a bcrypt worker for one password.",
        this.#password,
      );
  }

  #process(out: Exposition, version: string): void {
    const { rss, heapTotal, heapUsed } = Deno.memoryUsage();
    const { user, system } = process.cpuUsage();
    out
      .histogram(
        "rookery_event_loop_delay_seconds",
        "How late a timer came that looks at the event loop ten times a second.",
        this.#loop.histogram,
      )
      .gauge("rookery_heap_used_bytes", "Live part of the heap of the main isolate.", heapUsed)
      .gauge("rookery_heap_size_bytes", "Heap of the main isolate.", heapTotal)
      .counter(
        "process_cpu_seconds_total",
        "Processor time of the whole process.",
        (user + system) / 1_000_000,
      )
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
