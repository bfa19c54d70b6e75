/** Every step of the schema, in order; the index plus one is the version that a step leads to. @module */
import { INITIAL } from "./0001_initial.ts";
import { NAMES_REACTIONS_CLAIM } from "./0002_names_reactions_claim.ts";
import { FINGERPRINTS } from "./0003_fingerprints.ts";
import { SERVER_NAME } from "./0004_server_name.ts";
import { ADDED_MEMBERS } from "./0005_added_members.ts";
import { POSITION } from "./0006_position.ts";
import { PINS } from "./0007_pins.ts";

/** SQL that is never changed once it was released; a new step is appended instead. */
export const MIGRATIONS: readonly string[] = [
  INITIAL,
  NAMES_REACTIONS_CLAIM,
  FINGERPRINTS,
  SERVER_NAME,
  ADDED_MEMBERS,
  POSITION,
  PINS,
];
