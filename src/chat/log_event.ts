/**
 * Everything that the server tells its operator, by names that stay: what watches
 * a log may rely on them. docs/logs.md says what each means and what to do.
 *
 * @module
 */

/** How important an event is; each level includes those after it. */
export type LogLevel = "debug" | "info" | "warn" | "error";

interface Entry {
  readonly level: LogLevel;
  /** For people. */
  readonly message: string;
}

const EVENTS = {
  // The life of the process
  listening: { level: "info", message: "Listening" },
  stopping: { level: "info", message: "Stopping" },
  stopped: { level: "info", message: "Stopped" },
  store_failed: { level: "error", message: "Nothing can be stored any more: stopping" },
  core_failed: { level: "error", message: "The commit queue has failed" },
  unhandled_rejection: { level: "error", message: "A promise failed and nobody handled it" },
  uncaught_error: { level: "error", message: "An error was not caught" },
  errors_repeat: { level: "error", message: "Errors that nobody caught repeat: stopping" },
  not_ready: { level: "warn", message: "Not ready" },
  ready_again: { level: "info", message: "Ready again" },
  clock_behind_data: { level: "warn", message: "Messages are stored with a time that is yet to come" },
  folder_odd: { level: "warn", message: "The data folder is not as a server leaves it" },
  // One server takes the place of another
  takeover_impossible: {
    level: "warn",
    message: "This server cannot be taken over: its data folder takes no socket",
  },
  operator_unreachable: {
    level: "warn",
    message: "The operator's commands cannot reach this server: its data folder takes no socket",
  },
  schema_migrates: { level: "info", message: "Messages wait while the schema is brought up to date" },
  taken_over: { level: "info", message: "Taken over from another server" },
  handover_begun: { level: "info", message: "Handing over to another server" },
  handover_refused: { level: "warn", message: "Not handed over" },
  handover_slow: { level: "warn", message: "The other server has the data folder and does not serve yet" },
  handover_failed: { level: "warn", message: "The other server could not take over" },
  handover_broken: { level: "error", message: "A handover failed" },
  serving_again: { level: "info", message: "Serving again" },
  handed_over: { level: "info", message: "Another server has taken over: stopping" },
  folder_lost: { level: "error", message: "The data folder was not given back: stopping" },
  heir_not_heard: { level: "warn", message: "An heir could not be heard" },
  // Settings that are read again
  setting_changed: { level: "info", message: "Setting changed" },
  setting_needs_restart: { level: "warn", message: "Setting needs a restart" },
  settings_unchanged: { level: "info", message: "Settings read again: all as before" },
  settings_refused: { level: "error", message: "Settings not reloaded: nothing has changed" },
  certificate_changed: { level: "info", message: "Certificate changed" },
  certificate_ends: { level: "warn", message: "The certificate ends soon or has ended" },
  // The listener and its requests
  listener_failed: { level: "error", message: "Listener failed: listening again" },
  listen_failed: { level: "warn", message: "Listening again failed" },
  request_failed: { level: "error", message: "Request failed" },
  request: { level: "debug", message: "Request answered" },
  // Connections
  connection_opened: { level: "debug", message: "Connection opened" },
  connection_closed: { level: "debug", message: "Connection closed" },
  connection_failed: { level: "error", message: "Connection failed" },
  // Commands
  command_refused: { level: "debug", message: "Command refused" },
  command_failed: { level: "error", message: "Command failed" },
  command_not_answered: { level: "error", message: "Command not answered" },
  // Commits and delivery
  commit_failed: { level: "error", message: "Commit failed: nothing of the batch was stored" },
  allowances_not_kept: { level: "warn", message: "What users have spent of their allowances was not kept" },
  publish_failed: { level: "error", message: "Publishing failed" },
  replay_failed: { level: "error", message: "Replay failed" },
  stream_hole: { level: "error", message: "Stream has a hole" },
  // Workers
  writer_replaced: { level: "warn", message: "The database writer died and is replaced" },
  follower_failing: { level: "warn", message: "A follower of the log fails and is tried again" },
  follower_recovered: { level: "info", message: "A follower of the log works again" },
  follower_rebuilds: { level: "info", message: "A follower of the log begins anew" },
  password_worker_replaced: { level: "warn", message: "A worker died and is replaced" },
  // The log itself
  lines_left_out: { level: "warn", message: "Lines of one event were left out: there were too many" },
  lines_lost: { level: "warn", message: "Lines were lost: nobody took them in time" },
} as const satisfies Record<string, Entry>;

/** Name of an event. */
export type LogEvent = keyof typeof EVENTS;

export const LOG_EVENTS: Readonly<Record<LogEvent, Entry>> = EVENTS;

/** Which request or connection something belongs to, so that its lines can be found together. */
export interface Trace {
  /** As in the response's X-Request-Id. */
  readonly request?: string | undefined;
  /** Number of a WebSocket, unique while the process lives. */
  readonly connection?: number | undefined;
}
