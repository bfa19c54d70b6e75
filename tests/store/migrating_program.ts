/** Brings a database up to date; with "endless" the second step never comes to its end. */
import { migrate } from "../../src/store/database.ts";
import { MIGRATIONS } from "../../src/store/migrations/mod.ts";

const ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n) SELECT count(*) FROM n;";

const [path, mode] = Deno.args;
if (mode !== "endless") migrate(path!);
else migrate(path!, [...MIGRATIONS.slice(0, 1), `${MIGRATIONS[1]}${ENDLESS}`]);
