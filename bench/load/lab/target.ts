/** The server under load. @module */
import type { DialectName } from "../generator/dialects.ts";
import type { LoadUser } from "../protocol.ts";

export interface Target extends AsyncDisposable {
  /** For people: "Rookery", "ws on Node" … */
  readonly name: string;
  readonly dialect: DialectName;
  readonly socketUrl: string;
  readonly users: readonly LoadUser[];
  /** Receivers of each channel's messages. */
  readonly receivers: Readonly<Record<number, number>>;
  /** Its process; undefined when it runs elsewhere. */
  readonly pid: number | undefined;
  /** Batches so far by their greatest size; undefined for servers that do not tell. */
  batches?(): Promise<Map<number, number>>;
}
