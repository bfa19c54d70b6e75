/** Whether a client asks for JSON that the server does not know to be ignored. @module */
import { invalid } from "../../chat/error.ts";
import { IGNORE_UNKNOWN_PROTOCOL, UNKNOWN_FIELDS_HEADER, type UnknownFields } from "../../wire/format.ts";
import { protocolsOf } from "../admission/credentials.ts";

/** What the header of a request, or a subprotocol of a handshake, asks for. Throws ChatError for another word. */
export function unknownFieldsOf(request: Request): UnknownFields {
  const asked = request.headers.get(UNKNOWN_FIELDS_HEADER);
  if (asked === "ignore" || asked === "refuse") return asked;
  if (asked !== null) invalid(`Header ${UNKNOWN_FIELDS_HEADER} not valid: use ignore or refuse`);
  return protocolsOf(request).includes(IGNORE_UNKNOWN_PROTOCOL) ? "ignore" : "refuse";
}
