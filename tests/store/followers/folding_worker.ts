/** @module */
import { openDatabaseFollower } from "../../../src/store/followers/database_follower.ts";
import { followInWorker } from "../../../src/store/followers/follow_in_worker.ts";
import { foldTables } from "./fold_tables.ts";

followInWorker((folder) => openDatabaseFollower(folder, foldTables()));
