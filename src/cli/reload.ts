/**
 * SIGHUP: settings and certificate are read again and followed as far as a
 * running server can; every change is a line of the log.
 *
 * @module
 */
import type { App } from "../app.ts";
import { type Config, ConfigError, type ConfigSources, loadConfig } from "../config.ts";
import { type Changes, changesBetween } from "../config/changes.ts";
import { reasonOf } from "../config/config_error.ts";
import { readTls, reportAge, type Tls } from "../config/tls.ts";
import type { Logger } from "../logger.ts";

const SIGNAL: Deno.Signal = "SIGHUP";

/** Takes SIGHUP from the start on, so that it never ends the process; early ones count once somebody follows. */
export class Hangups implements Disposable {
  readonly #listener = () => this.#hear();
  /** Whether a person started it from a terminal, whose end is told by the same signal. */
  readonly #terminal = Deno.stdin.isTerminal();
  readonly #gone = Promise.withResolvers<"SIGHUP">();
  #missed = false;
  #follow: (() => void) | undefined;

  constructor() {
    Deno.addSignalListener(SIGNAL, this.#listener);
  }

  /** Settles when the terminal is gone that the program was started from. */
  get terminalGone(): Promise<"SIGHUP"> {
    return this.#gone.promise;
  }

  /** Calls back for every signal from now on, and for one that came before. */
  follow(callback: () => void): void {
    this.#follow = callback;
    if (this.#missed) callback();
  }

  [Symbol.dispose](): void {
    Deno.removeSignalListener(SIGNAL, this.#listener);
  }

  #hear(): void {
    if (this.#terminal && !Deno.stdin.isTerminal()) return this.#gone.resolve(SIGNAL as "SIGHUP");
    if (this.#follow) this.#follow();
    else this.#missed = true;
  }
}

export interface ReloaderOptions {
  readonly app: Pick<App, "configure">;
  /** What holds now. */
  readonly config: Config;
  /** Where settings come from, each time anew. */
  readonly sources: ConfigSources;
  readonly log: Logger;
}

/** Follows changed settings. */
export class Reloader {
  readonly #options: ReloaderOptions;
  #config: Config;
  /** One after the other: a second signal may come while a certificate is exchanged. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: ReloaderOptions) {
    this.#options = options;
    this.#config = options.config;
  }

  /** Reads everything again. Never rejects: what is wrong is logged, and then nothing changes. */
  reload(): Promise<void> {
    return this.#last = this.#last.then(() => this.#reload());
  }

  async #reload(): Promise<void> {
    const { app, sources, log } = this.#options;
    try {
      const changes = changesBetween(this.#config, loadConfig(sources));
      const tls = readTls(changes.next, sources.readFile);
      const renewed = await app.configure(changes.next, tls);
      this.#config = changes.next;
      const { logLevel, logRequests } = changes.next;
      // Whoever asks for less still wants to see this.
      if (logLevel === "info" || logLevel === "debug") log.level = logLevel;
      log.requests = logRequests;
      tell(log, { ...changes, renewed: renewed ? tls : undefined });
      log.level = logLevel;
    } catch (error) {
      const problems = error instanceof ConfigError ? error.problems : [reasonOf(error)];
      for (const reason of problems) log.report("settings_refused", { reason });
    }
  }
}

function tell(
  log: Logger,
  { followed, waiting, renewed }: Omit<Changes, "next"> & { readonly renewed: Tls | undefined },
): void {
  for (const change of followed) log.report("setting_changed", { ...change });
  for (const change of waiting) log.report("setting_needs_restart", { ...change });
  if (renewed) {
    log.report("certificate_changed", { names: renewed.names, valid_until: new Date(renewed.notAfterMs) });
    reportAge(renewed, log);
  }
  if (followed.length + waiting.length === 0 && !renewed) log.report("settings_unchanged");
}
