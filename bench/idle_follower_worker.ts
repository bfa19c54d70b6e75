/** A follower that does nothing with what it gets. @module */
import { openDatabaseFollower } from "../src/store/followers/database_follower.ts";
import { followInWorker } from "../src/store/followers/follow_in_worker.ts";

const NOTHING = { name: "idle", version: 1, schema: "", prepare: () => ({ take() {} }) };

followInWorker((folder) => openDatabaseFollower(folder, NOTHING));
