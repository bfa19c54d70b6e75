/** Whether a world is as it was promised to be, asked of its database while the server goes on. @module */
import { login, RookeryClient } from "../../src/client/mod.ts";
import { openForReading } from "../../src/store/database.ts";
import { SqliteReader } from "../../src/store/reader/sqlite_reader.ts";
import { type Device, PASSWORD } from "../demo/cast.ts";
import { compare } from "../demo/compare.ts";
import type { Finding } from "../demo/findings.ts";
import type { DeviceRecord } from "../demo/ledger.ts";
import { truthOf } from "../demo/truth.ts";
import { answers, wait } from "./faults/fault.ts";

const READY_MS = 20_000;
const ANSWER_MS = 2000;

/** The server's own condition: it says that it is ready, and somebody new can log in. */
export async function examineServer(url: string, devices: readonly Device[], signal: AbortSignal): Promise<
  Finding[]
> {
  const endMs = performance.now() + READY_MS;
  while (!await answers(url, ANSWER_MS, "/readyz")) {
    if (signal.aborted) return [];
    if (performance.now() > endMs) return [ofStore(`The server is not ready after ${READY_MS} ms`)];
    await wait(100, signal);
  }
  const { userName: name } = devices[0]!;
  try {
    const { token } = await login(url, { name, password: PASSWORD, device: "guest" });
    await new RookeryClient(url, { token }).logout();
    return [];
  } catch (error) {
    return [ofStore(`The server says that it is ready, and ${name} cannot log in: ${error}`)];
  }
}

/** Compares everybody, at rest, with the database. */
export function examineData(data: string, devices: readonly Device[]): Finding[] {
  const records = devices.map(({ ledger }) => ledger.record());
  return [
    ...devices.flatMap(({ client, ledger }): Finding[] => {
      const { name, format } = ledger.record();
      const { name: state } = client.state;
      const waiting = client.pending().length;
      if (state === "live" && waiting === 0) return [];
      const what = `${name}: did not come to rest: it is ${state} with ${waiting} commands unanswered`;
      return [{ fault: "lost", count: 1, format, what }];
    }),
    ...examineDatabase(data, records),
  ];
}

/** What the database says itself, and what records say against it. */
export function examineDatabase(data: string, records: readonly DeviceRecord[]): Finding[] {
  const db = openForReading(`${data}/rookery.db`);
  try {
    const lines = db.prepare("PRAGMA integrity_check").all().map((row) => String(row["integrity_check"]));
    const damage = lines.filter((line) => line !== "ok").map((line) => ofStore(`integrity_check: ${line}`));
    return [...damage, ...compare(records, truthOf(new SqliteReader(db), records))];
  } finally {
    db.close();
  }
}

function ofStore(what: string): Finding {
  return { fault: "lost", count: 1, format: "store", what };
}
