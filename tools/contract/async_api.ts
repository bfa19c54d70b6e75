/** The socket as AsyncAPI 3 (https://www.asyncapi.com/docs/reference/specification/v3.0.0). @module */
import type { Contract } from "./contract.ts";
import { type Json, reference, schemasOf } from "./json_schema.ts";

export function asyncApi(contract: Contract, version: string): Json {
  const { message, commentOf } = contract;
  const [client, server] = [message("ClientFrame"), message("ServerFrame")];
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Rookery",
      version,
      description:
        "The socket of a Rookery server: commands, their answers, and events. The first command is Open.",
      license: { name: "MIT" },
    },
    defaultContentType: "application/json",
    servers: {
      here: {
        host: "{host}",
        pathname: "/api/v1",
        protocol: "wss",
        description:
          "Subprotocols: rookery.v1.json for text frames, rookery.v1.proto for binary ones, and beside one of them " +
          "`bearer.<token>` for programs whose WebSocket takes no headers",
        variables: { host: { description: "Where the server is", default: "127.0.0.1:8080" } },
      },
    },
    channels: {
      socket: {
        address: "socket",
        messages: {
          clientFrame: { $ref: "#/components/messages/clientFrame" },
          serverFrame: { $ref: "#/components/messages/serverFrame" },
        },
      },
    },
    operations: {
      command: {
        action: "receive",
        channel: { $ref: "#/channels/socket" },
        summary: commentOf(client),
        messages: [{ $ref: "#/channels/socket/messages/clientFrame" }],
      },
      tell: {
        action: "send",
        channel: { $ref: "#/channels/socket" },
        summary: commentOf(server),
        messages: [{ $ref: "#/channels/socket/messages/serverFrame" }],
      },
    },
    components: {
      messages: {
        clientFrame: { name: "ClientFrame", payload: reference(client) },
        serverFrame: { name: "ServerFrame", payload: reference(server) },
      },
      schemas: schemasOf(contract, [client, server]),
    },
  };
}
