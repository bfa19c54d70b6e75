/** All examinations, in the order in which they are told. @module */
import type { Config } from "../../config.ts";
import { readServerFile } from "../server_file.ts";
import { examineDisk } from "./disk.ts";
import { type Finding, messageOf, problem } from "./finding.ts";
import { examineFiles, examineFileSystem, examinePermissions, notWritable } from "./folder.ts";
import { examineMemory, examineOpenFiles, examinePort, examineServer, watchClock } from "./machine.ts";
import { examineVisitors } from "./path/address.ts";
import { examineAnswer, examineDoors, examinePage } from "./path/page.ts";
import { examineIdle, examineSockets } from "./path/socket.ts";
import type { Target } from "./path/target.ts";
import { examineRoom } from "./room.ts";
import {
  examineFollowers,
  examineSchema,
  examineSettings,
  examineTimes,
  examineVersions,
} from "./settings.ts";
import { examineFloor, examineQuota, type StorageLimits, storageLimits } from "./storage.ts";
import { openWorkplace } from "./workplace.ts";

/** This machine. `config` is an error's text where the settings cannot be read. */
export async function* examineMachine(config: Config | string, folder: string): AsyncGenerator<Finding> {
  const clock = watchClock();
  yield examineVersions();
  if (typeof config === "string") {
    yield problem("settings", config, "rookery serve --help has all settings");
  } else yield* examineSettings(config);
  const running = await readServerFile(folder).catch(() => undefined);
  const settings = typeof config === "string" ? undefined : config.limits;
  const limits = await storageLimits(folder, { running, settings });
  yield* examineFolder(folder, { limits, running: running !== undefined });
  yield examineMemory();
  if (typeof config !== "string") yield await examinePort(config, running);
  yield await examineServer(folder, running);
  yield clock();
}

async function* examineFolder(
  folder: string,
  { limits, running }: { readonly limits: StorageLimits | undefined; readonly running: boolean },
): AsyncGenerator<Finding> {
  try {
    await using workplace = await openWorkplace(folder);
    yield* await examinePermissions(folder, workplace);
    yield await attempt("file system", () => examineFileSystem(workplace));
    yield await attempt("room", () => examineRoom(workplace));
    if (limits) {
      yield await attempt("floor", () => examineFloor(workplace, limits));
      yield await attempt("quota", () => examineQuota(workplace, limits));
    }
    yield await attempt("disk", () => examineDisk(workplace));
    yield await attempt("open files", () => examineOpenFiles(workplace));
    if (workplace.there) {
      yield* await examineFiles(folder);
      yield await examineSchema(folder);
      const times = await examineTimes(folder);
      if (times) yield times;
      yield* await examineFollowers(folder, { running });
    }
  } catch (error) {
    yield notWritable(folder, error);
  }
}

/** What breaks one examination must not hide the others. */
async function attempt(check: string, examine: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await examine();
  } catch (error) {
    return problem(check, `Could not be examined: ${messageOf(error)}`, "The text says why");
  }
}

/** The way from outside to a server, through whatever stands in front of it. */
export async function* examinePath(target: Target): AsyncGenerator<Finding> {
  const { finding, reached } = await examineAnswer(target);
  yield finding;
  if (!reached) return;
  yield* await several("page", () => examinePage(target));
  yield* await several("ready", () => examineDoors(target));
  const { findings, localAddress } = await examineSockets(target);
  yield* findings;
  yield await examineIdle(target);
  // The last, since this machine is turned away for some seconds afterwards.
  yield await examineVisitors(target, localAddress);
}

async function several(check: string, examine: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await examine();
  } catch (error) {
    return [problem(check, `Could not be examined: ${messageOf(error)}`, "Look at the proxy's error log")];
  }
}
