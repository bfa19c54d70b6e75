/** The commands by POST as OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html). @module */
import type { Command, Contract } from "./contract.ts";
import { type Json, reference, schemasOf } from "./json_schema.ts";

/** HTTP status of refusals, SPEC W9. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: "The command is not valid",
  401: "No session",
  403: "Not allowed",
  404: "Not there, or hidden from the caller",
  409: "There already, or the key was used for another command",
  412: "Not in the state that this needs",
  429: "Too much in a short time; Retry-After says when to try again",
  500: "A fault of the server",
  503: "Not now; Retry-After says when to try again",
};

const RETRY_AFTER = { description: "Seconds until a retry makes sense", schema: { type: "integer" } };

export function openApi(contract: Contract, version: string): Json {
  const { commands, message } = contract;
  const posted = commands.filter(({ kind }) => kind !== "live");
  const schemas = schemasOf(contract, [
    ...posted.flatMap(({ input, output }) => [input, output]),
    message("Done"),
    message("Error"),
  ]);
  return {
    openapi: "3.1.1",
    info: {
      title: "Rookery",
      version,
      description:
        "Every command of a Rookery server, one a request. The same commands travel over a WebSocket, " +
        "which also delivers events: see asyncapi.json beside this document.",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "../..", description: "The server that this was loaded from" }],
    security: [{ token: [] }],
    paths: Object.fromEntries(posted.map((command) => [`/api/v1/${command.input.name}`, {
      post: operationOf(command, contract),
    }])),
    components: {
      schemas,
      responses: Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [`Refused${status}`, {
          description,
          headers: status === "429" || status === "503" ? { "Retry-After": RETRY_AFTER } : {},
          content: { "application/json": { schema: reference(message("Error")) } },
        }]),
      ),
      parameters: {
        IdempotencyKey: {
          name: "Idempotency-Key",
          in: "header",
          description: "The caller's own name for this change: a retry under it gets the first result",
          schema: { type: "string", minLength: 1, maxLength: 64, pattern: "^[!-~]+$" },
        },
        UnknownFields: {
          name: "Rookery-Unknown-Fields",
          in: "header",
          description: "Drops what the server does not know instead of refusing it",
          schema: { type: "string", enum: ["ignore"] },
        },
      },
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description:
            "Token of a session, from Login or Register. Pages of the server may have a cookie instead",
        },
      },
    },
  };
}

function operationOf(command: Command, contract: Contract): Json {
  const { input, output, kind } = command;
  const keyed = kind === "durable" && !command.public;
  const statuses = Object.keys(REFUSALS);
  // A change that was not needed answers Done.
  const result = output.name === "Stored"
    ? { anyOf: [reference(output), reference(contract.message("Done"))] }
    : reference(output);
  return {
    operationId: command.name,
    summary: contract.commentOf(input),
    ...(command.public && { security: [] }),
    parameters: [
      ...(keyed ? [{ $ref: "#/components/parameters/IdempotencyKey" }] : []),
      { $ref: "#/components/parameters/UnknownFields" },
    ],
    requestBody: {
      required: false,
      content: { "application/json": { schema: reference(input) } },
    },
    responses: {
      200: { description: contract.commentOf(output), content: { "application/json": { schema: result } } },
      ...Object.fromEntries(
        statuses.map((status) => [status, { $ref: `#/components/responses/Refused${status}` }]),
      ),
    },
  };
}
