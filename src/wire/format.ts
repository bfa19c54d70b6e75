/** The two encodings of the one contract. @module */

/** Index of an encoding among the core's encoders. */
export const Format = { PROTO: 0, JSON: 1 } as const;
export type Format = typeof Format[keyof typeof Format];

/** WebSocket subprotocols, by format. */
export const SUBPROTOCOLS = ["rookery.v1.proto", "rookery.v1.json"] as const;

/** Prefix of the subprotocol in which programs hand over their token. */
export const BEARER_PREFIX = "bearer.";

/** Media types of HTTP bodies, by format. */
export const MEDIA_TYPES = ["application/protobuf", "application/json"] as const;

/** No media type of ours, with its parameters, is longer. */
const MEDIA_TYPE_CHARS = 128;

/** Format of a media type with or without parameters; undefined for others. */
export function formatOfMediaType(mediaType: string): Format | undefined {
  if (mediaType.length > MEDIA_TYPE_CHARS) return undefined;
  const type = mediaType.split(";")[0]!.trim().toLowerCase();
  if (type === "application/json") return Format.JSON;
  return type === "application/protobuf" || type === "application/x-protobuf" ? Format.PROTO : undefined;
}

/** What becomes of JSON's fields and enum words that the contract does not have. */
export type UnknownFields = "refuse" | "ignore";

/** Header by which a client says so; "refuse" without it. */
export const UNKNOWN_FIELDS_HEADER = "rookery-unknown-fields";

/** The same as a subprotocol beside the format's, since browsers let pages set no header of a handshake. */
export const IGNORE_UNKNOWN_PROTOCOL = "unknown-fields.ignore";
