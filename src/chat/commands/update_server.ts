import { unmet } from "../error.ts";
import { SERVER_STREAM } from "../model.ts";
import { DONE } from "../reply.ts";
import { normalServerName } from "../text.ts";
import { requireServerOwner } from "./rules.ts";
import { write } from "./spec.ts";

export const updateServer = write<"updateServer">({
  first: "serverUpdated",
  check: (body, limits) => void normalServerName(body.name, limits),
  decide(body, context) {
    requireServerOwner(context);
    if (context.configuredName !== undefined) {
      unmet("The server's name is set by its configuration: change or remove the option `name` there");
    }
    const name = normalServerName(body.name, context.limits);
    if (name === context.facts.serverName()) return { events: [], unchanged: DONE };
    return { events: [{ stream: SERVER_STREAM, body: { case: "serverUpdated", value: { name } } }] };
  },
});
