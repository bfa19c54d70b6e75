/**
 * Everything that the operator can measure. What others count anyway is read
 * when somebody asks; here is only what has to be measured as it happens.
 *
 * @module
 */
import { Exposition } from "./exposition.ts";
import {
  addCommits,
  addDelivery,
  addDoor,
  addFollowers,
  addLog,
  addPasswords,
  addProcess,
} from "./families.ts";
import { Histogram } from "./histogram.ts";
import type { LoopDelay } from "./loop_delay.ts";
import type { Sources } from "./sources.ts";

const BATCH_COMMANDS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000];
const COMMIT_S = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const PASSWORD_S = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class Metrics {
  readonly #batch = new Histogram(BATCH_COMMANDS);
  readonly #commit = new Histogram(COMMIT_S);
  readonly #password = new Histogram(PASSWORD_S);
  readonly #loop: LoopDelay;

  constructor(loop: LoopDelay) {
    this.#loop = loop;
  }

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
    addDelivery(out, stats);
    addCommits(out, { stats, store: sources.store, batch: this.#batch, commit: this.#commit });
    addFollowers(out, sources.followers.reports());
    addDoor(out, sources);
    addPasswords(out, sources.passwords.load, this.#password);
    addLog(out, sources.log, sources.uncaught);
    addProcess(out, sources.version, this.#loop.histogram);
    return out.toString();
  }
}
