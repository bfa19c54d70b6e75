/**
 * The operator's hand: commands on a data folder with an owner's rights,
 * whether a server runs on it or not.
 *
 * @module
 */
import { resolve } from "node:path";
import { openCore } from "../app/core.ts";
import { ServerSecrets } from "../auth/secrets.ts";
import { loadServerSecret, SECRET_FILE } from "../auth/server_secret.ts";
import { type CommandBodies, type CommandBody, commandOf } from "../chat/command.ts";
import { OPERATOR } from "../chat/model.ts";
import type { Result } from "../chat/reply.ts";
import { type CommandInit, request, RookeryError } from "../client/mod.ts";
import { type Config, loadConfig, publicUrl } from "../config.ts";
import { Logger } from "../logger.ts";
import { exists } from "../store/folder/files.ts";
import { demandOwnFile, FolderInUse } from "../store/mod.ts";
import { fetchBySocket, OPERATOR_URL } from "./operator_client.ts";
import { complain } from "./say.ts";
import { readServerFile, removeServerFile, type ServerAddress } from "./server_file.ts";

type ValueOf<C extends Result["case"]> = Extract<Result, { case: C }>["value"];

/** What each of the operator's commands answers. */
export interface OperatorResults {
  getServerInfo: ValueOf<"serverInfo">;
  updateServer: unknown;
  addUser: ValueOf<"user">;
  listUsers: ValueOf<"userPage">;
  resetPassword: unknown;
  setUserRole: unknown;
  setUserDisabled: unknown;
  createInvite: ValueOf<"invite">;
  listInvites: ValueOf<"invitePage">;
  revokeInvite: unknown;
  listChannels: ValueOf<"channelPage">;
}

export type OperatorCommand = keyof OperatorResults;

export interface Operator extends AsyncDisposable {
  /** Address for links. */
  readonly url: string;
  /** The address is a guess: no server runs, and none was configured. */
  readonly urlGuessed: boolean;
  /** Runs one command; throws an Error with the server's words when it is refused. */
  execute<C extends OperatorCommand>(name: C, value: CommandBodies[C]): Promise<OperatorResults[C]>;
}

/** Where the folder and its settings are; flags that were not given come from the environment. */
export interface FolderFlags {
  readonly data: string | undefined;
  readonly config: string | undefined;
}

/** The settings of the server on the folder. Throws ConfigError for bad ones. */
export function folderConfig({ data, config: file }: FolderFlags): Config {
  const args = [
    ...(data === undefined ? [] : ["--data", data]),
    ...(file === undefined ? [] : ["--config", file]),
  ];
  return loadConfig({ args, env: Deno.env.get, readFile: Deno.readTextFileSync });
}

/** Opens the folder itself, or finds the server that has it. Throws ConfigError for bad settings. */
export async function openOperator(flags: FolderFlags): Promise<Operator> {
  const config = folderConfig(flags);
  try {
    return await openFolder(config);
  } catch (error) {
    if (error instanceof FolderInUse) return await openServer(config.data);
    throw error;
  }
}

async function openFolder(config: Config): Promise<Operator> {
  const level = config.logLevel === "error" ? "error" : "warn";
  // Where it cannot be looked, opening tells why.
  const wasThere = await exists(config.data).catch(() => true);
  const core = await openCore(config, new Logger({ level, format: config.logFormat }));
  // Whoever meant a folder that is there has mistyped it, or is on another working directory.
  if (!wasThere) complain(`There was no data folder ${resolve(config.data)}: made a new one`);
  // It tells of a server that is gone.
  await removeServerFile(config.data);
  return {
    url: publicUrl(config, config.port),
    urlGuessed: config.url === undefined,
    async execute<C extends OperatorCommand>(name: C, value: CommandBodies[C]) {
      const command = commandOf({ case: name, value } as CommandBody);
      const result = await core.chat.execute(command, { principal: OPERATOR });
      if (result.case === "error") throw new Error(result.value.message);
      return result.value as OperatorResults[C];
    },
    [Symbol.asyncDispose]: () => core[Symbol.asyncDispose](),
  };
}

/** The server that has the folder. Throws an Error with what to do when there is none that takes commands. */
export async function openServer(data: string): Promise<Operator> {
  const { publicUrl, operator } = await serverOf(data);
  await demandOwnFile(data, SECRET_FILE);
  const token = new ServerSecrets(await loadServerSecret(data)).operatorToken();
  let socket = operator;
  return {
    url: publicUrl,
    urlGuessed: false,
    async execute<C extends OperatorCommand>(name: C, value: CommandBodies[C]) {
      const command = [name, value as CommandInit<OperatorCommand>] as const;
      const ask = () => request(OPERATOR_URL, command, { token, fetch: fetchBySocket(data, socket) });
      try {
        return await ask() as OperatorResults[C];
      } catch (error) {
        if (!(error instanceof RookeryError && error.code === "unavailable")) throw error;
        // Another server may have taken over meanwhile, and has a socket of its own.
        const next = (await serverOf(data)).operator;
        if (next === socket) throw error;
        socket = next;
        return await ask() as OperatorResults[C];
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The server that has the folder. Throws an Error with what to do when it takes no commands. */
async function serverOf(data: string): Promise<ServerAddress & { readonly operator: string }> {
  const server = await readServerFile(data);
  if (!server) throw new Error(`The data folder ${data} is in use by another command: try again`);
  const { operator } = server;
  if (operator !== undefined) return { ...server, operator };
  throw new Error(
    `The server on ${data} has no socket for the operator's commands, as its log says: stop it first, or restart it ` +
      "if it is of an older version",
  );
}
