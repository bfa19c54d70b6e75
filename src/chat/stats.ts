/** Numbers for the operator: what is, and what was counted since the start. @module */

export interface HubCounters {
  /** Frames sent, and their bytes. */
  readonly frames: number;
  readonly bytes: number;
  /** Events given to subscribers. */
  readonly deliveries: number;
  /** Times that a subscriber was left out because it had no room. */
  readonly fellBehind: number;
  /** Times that a stream was too far behind to be replayed. */
  readonly reloads: number;
}

export interface CommitCounters {
  /** Transactions stored, and the commands and events in them. */
  readonly batches: number;
  readonly commands: number;
  readonly events: number;
  /** Transactions of which nothing was stored. */
  readonly failures: number;
}

export interface ChatStats extends HubCounters, CommitCounters {
  readonly connections: number;
  /** Users with a connection. */
  readonly users: number;
  /** Commands that wait for their batch. */
  readonly queued: number;
  /** Subscribers that are left out of live delivery now. */
  readonly behind: number;
  /** Subscribers whose frame waits for its turn. */
  readonly due: number;
  /** Bytes stored on behalf of users, roughly. */
  readonly allowedBytes: number;
  /** Commands refused because their user had used up an allowance. */
  readonly allowanceRefusals: number;
  /** Commands refused, by `Code`. */
  readonly refused: readonly number[];
}
