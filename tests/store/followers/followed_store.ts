/** A store with followers, as the composition root puts them together. @module */
import {
  type FollowerEntry,
  type FollowerReport,
  Followers,
  type SqliteStore,
} from "../../../src/store/mod.ts";
import { KeepingLog } from "../../chat/fakes.ts";
import { until } from "../../until.ts";
import type { TempFolder } from "../temp_store.ts";

const PAUSE = { firstMs: 2, longestMs: 20 };

export class FollowedStore implements AsyncDisposable {
  readonly log = new KeepingLog();
  readonly store: SqliteStore;
  readonly followers: Followers;
  /** Whether the disk is said to have little room. */
  held = false;

  constructor(store: SqliteStore, followers: Followers) {
    this.store = store;
    this.followers = followers;
  }

  static async open(folder: TempFolder, ...entries: FollowerEntry[]): Promise<FollowedStore> {
    let followed: FollowedStore | undefined;
    const store = await folder.open({ onCommit: () => followed?.followers.wake() });
    const log = new KeepingLog();
    const head = () => store.lastPosition;
    const held = () => followed?.held ?? false;
    const followers = new Followers(entries, { folder: folder.path, head, log, held, pause: PAUSE });
    return followed = Object.assign(new FollowedStore(store, followers), { log });
  }

  /** Of the first follower. */
  get report(): FollowerReport {
    return this.followers.reports()[0]!;
  }

  /** Until the followers have seen everything. */
  async caughtUp(): Promise<void> {
    await until(
      `followers have caught up: ${JSON.stringify(this.followers.reports())}`,
      () => this.followers.reports().every(({ lag, state }) => lag === 0 && state === "following"),
      20_000,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.followers[Symbol.asyncDispose]();
    await this.store[Symbol.asyncDispose]();
  }
}
