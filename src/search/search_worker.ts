/** Keeps the index of messages up to date, apart from the message loop. @module */
import { openDatabaseFollower } from "../store/followers/database_follower.ts";
import { followInWorker } from "../store/followers/follow_in_worker.ts";
import { SEARCH_TABLES } from "./search_tables.ts";

followInWorker((folder) => openDatabaseFollower(folder, SEARCH_TABLES));
