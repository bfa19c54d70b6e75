/** No statement of the running server walks through a table that grows. @module */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { BatchRunner } from "../../src/store/writer/batch_runner.ts";
import { migrate, openForWriting } from "../../src/store/database.ts";
import { LogPages } from "../../src/store/followers/log_pages.ts";
import { CrashRecovery } from "../../src/store/writer/crash_recovery.ts";
import { SqliteReader } from "../../src/store/reader/sqlite_reader.ts";

/** What may be walked through whole: one row, a list that is given, what a pragma tells, what a bounded query found, owners of the server. */
const BOUNDED =
  /^SCAN (meta|CONSTANT ROW|json_each VIRTUAL TABLE|pragma_\w+|\(subquery-\d+\)|\d+-ROW VALUES CLAUSE|user USING (COVERING )?INDEX user_owner)( |$)/;

Deno.test("statements: every one is served by an index, reading and writing", () => {
  const folder = Deno.makeTempDirSync({ prefix: "rookery_plans_" });
  const statements = new Set<string>();
  const path = `${folder}/rookery.db`;
  migrate(path);
  const { prepare } = DatabaseSync.prototype;
  const db = openForWriting(path);
  try {
    DatabaseSync.prototype.prepare = function (sql: string) {
      statements.add(sql);
      return prepare.call(this, sql);
    };
    new SqliteReader(db);
    new BatchRunner(db);
    new CrashRecovery(db);
    using _pages = new LogPages(path);
  } finally {
    DatabaseSync.prototype.prepare = prepare;
  }
  try {
    const walks: string[] = [];
    for (const sql of statements) {
      if (!/^\s*(SELECT|INSERT|UPDATE|DELETE)/.test(sql)) continue;
      for (const { detail } of db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]) {
        if (detail.startsWith("SCAN") && !BOUNDED.test(detail)) walks.push(`${detail}: ${sql}`);
      }
    }
    assert.deepEqual(walks, []);
    assert.ok(statements.size > 40, `only ${statements.size} statements were looked at`);
  } finally {
    db.close();
    Deno.removeSync(folder, { recursive: true });
  }
});
