/**
 * How long the texts of a command may be, in UTF-16 units: asked at the core's door, before anything else is done with
 * them. Whatever looks at a text afterwards (folding, patterns, sets) looks at a bounded one. UTF-8 takes at least a byte for
 * each unit, so nothing is refused here that a limit in bytes lets pass.
 *
 * A command with a text that has no row here does not compile.
 *
 * @module
 */
import type { CommandBodies, CommandBody, CommandCase } from "./command.ts";
import { invalid } from "./error.ts";
import type { LimitName, Limits } from "./limits.ts";

/** The most units of one text: those of a limit, or a number of its own when no limit is about such texts. */
type Bound =
  & {
    /** What it is, to begin a sentence with. */
    readonly what: string;
  }
  & ({
    readonly limit: LimitName;
    /** Units for each of the limit's; 1 when absent. */
    readonly times?: number;
  } | { readonly units: number });

/** Composing (NFC, NFKC) makes at most four units into one. */
export const COMPOSED = 4;

/** Codes, credentials and epochs are made by the server, of 27 to 38 characters: no configured limit is about them. */
const MADE_HERE = 64;

const NAME: Bound = { what: "Name", limit: "nameCharsMax", times: COMPOSED };
const PASSWORD: Bound = { what: "Password", limit: "passwordBytesMax", times: COMPOSED };
const DISPLAY_NAME: Bound = { what: "Display name", limit: "displayNameBytes" };
const SERVER_NAME: Bound = { what: "Server name", limit: "displayNameBytes" };
const DEVICE: Bound = { what: "Device name", limit: "deviceBytes" };
const DEVICE_CREDENTIAL: Bound = { what: "Device credential", units: MADE_HERE };
const TOPIC: Bound = { what: "Topic", limit: "topicBytes" };
const MESSAGE: Bound = { what: "Message", limit: "messageBytes" };
const EMOJI: Bound = { what: "Emoji", limit: "emojiBytes" };
const INVITE_CODE: Bound = { what: "Invite code", units: MADE_HERE };
const EPOCH: Bound = { what: "Epoch", units: MADE_HERE };
const PAGE = { prefix: NAME, after: NAME };

type TextField<Body> = {
  [F in keyof Body]-?: Extract<Body[F], string> extends never ? never : F;
}[keyof Body];

/** Commands with texts, by their name. */
type Bounds = {
  readonly [C in CommandCase as TextField<CommandBodies[C]> extends never ? never : C]: {
    readonly [F in TextField<CommandBodies[C]>]: Bound;
  };
};

const BOUNDS: Bounds = {
  open: { epoch: EPOCH },
  register: {
    name: NAME,
    password: PASSWORD,
    displayName: DISPLAY_NAME,
    inviteCode: INVITE_CODE,
    device: DEVICE,
  },
  login: { name: NAME, password: PASSWORD, device: DEVICE, deviceCredential: DEVICE_CREDENTIAL },
  changePassword: { oldPassword: PASSWORD, newPassword: PASSWORD },
  updateProfile: { displayName: DISPLAY_NAME },
  checkInvite: { inviteCode: INVITE_CODE },
  updateServer: { name: SERVER_NAME },
  listUsers: PAGE,
  addUser: { name: NAME, password: PASSWORD, displayName: DISPLAY_NAME },
  resetPassword: { password: PASSWORD },
  createChannel: { name: NAME, topic: TOPIC },
  updateChannel: { name: NAME, topic: TOPIC },
  listChannels: PAGE,
  sendMessage: { text: MESSAGE },
  editMessage: { text: MESSAGE },
  addReaction: { emoji: EMOJI },
  removeReaction: { emoji: EMOJI },
};

const FIELDS: ReadonlyMap<string, readonly (readonly [field: string, bound: Bound])[]> = new Map(
  Object.entries(BOUNDS).map(([command, bounds]) => [command, Object.entries<Bound>(bounds)]),
);

/** Refuses a command with an overlong text, having looked at nothing but lengths. */
export function checkBounds(body: CommandBody, limits: Limits): void {
  const fields = FIELDS.get(body.case);
  if (fields === undefined) return;
  const texts = body.value as Readonly<Record<string, unknown>>;
  for (const [field, bound] of fields) {
    const text = texts[field];
    if (typeof text === "string" && text.length > unitsOf(bound, limits)) {
      invalid(`${bound.what} too long: at most ${toldOf(bound, limits)}`);
    }
  }
}

function unitsOf(bound: Bound, limits: Limits): number {
  return "units" in bound ? bound.units : (bound.times ?? 1) * limits[bound.limit];
}

function toldOf(bound: Bound, limits: Limits): string {
  if ("units" in bound) return `${bound.units} characters`;
  return `${limits[bound.limit]} ${bound.limit.includes("Bytes") ? "bytes" : "characters"}`;
}
