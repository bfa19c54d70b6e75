/** What the server keeps free of the disk, and how much of the rest one user may fill. @module */
import { SECRET_FILE } from "../../auth/server_secret.ts";
import type { Limits } from "../../chat/limits.ts";
import type { ToldLimits } from "../../chat/reply.ts";
import { exists } from "../../store/folder/files.ts";
import { size } from "../data_folder.ts";
import { openServer } from "../operator.ts";
import { askServer } from "../operator_client.ts";
import type { ServerAddress } from "../server_file.ts";
import { type Finding, ok, problem, unknown, warning } from "./finding.ts";
import { freeBytes, MAKE_ROOM } from "./room.ts";
import type { Workplace } from "./workplace.ts";

/** As many times the floor are plenty. */
const PLENTY = 4;
/** Somebody should have time to notice. */
const FEW_DAYS = 7;
const MIB = 1024 * 1024;

/** The limits on storing, and who said them. */
export interface StorageLimits extends Pick<Limits, "diskRoomBytes" | "storedMibPerDay"> {
  readonly source: string;
}

/** Those that a running server has, or else those of the settings. */
export async function storageLimits(
  folder: string,
  { running, settings }: {
    readonly running: ServerAddress | undefined;
    readonly settings: Limits | undefined;
  },
): Promise<StorageLimits | undefined> {
  const told = running && await toldLimits(folder, running);
  if (told) return { ...told, source: "as the running server has it" };
  return settings && { ...settings, source: "as the settings say" };
}

/** Undefined when the server does not answer, or not to this user. */
async function toldLimits(folder: string, running: ServerAddress): Promise<ToldLimits | undefined> {
  try {
    // The secret, which would be made, is what the operator is known by.
    if (!await exists(`${folder}/${SECRET_FILE}`) || !await askServer(folder, running, "/healthz")) {
      return undefined;
    }
    await using operator = await openServer(folder);
    return (await operator.execute("getServerInfo", {})).limits;
  } catch {
    return undefined;
  }
}

/** How much is free above the floor. */
export function examineFloor({ base }: Workplace, limits: StorageLimits): Finding {
  return judgeFloor(base, limits, freeBytes(base));
}

/** How soon one user could fill what is free above the floor. */
export function examineQuota({ base }: Workplace, limits: StorageLimits): Finding {
  return judgeQuota(limits, freeBytes(base));
}

/** What so much free disk means beside the floor; undefined when it could not be asked. */
export function judgeFloor(
  base: string,
  { diskRoomBytes, source }: StorageLimits,
  free: number | undefined,
): Finding {
  const floor = `With less than ${size(diskRoomBytes)} free at ${base} nothing new is stored ` +
    `(diskRoomBytes, ${source})`;
  if (free === undefined) {
    return unknown("floor", `${floor}; how much is free may not be asked here`, `df -h ${base} tells`);
  }
  if (free < diskRoomBytes) {
    return problem("floor", `${floor}, and only ${size(free)} are`, MAKE_ROOM);
  }
  const found = `${floor}: ${size(free)} are, ${size(free - diskRoomBytes)} above that`;
  return free < PLENTY * diskRoomBytes ? warning("floor", found, MAKE_ROOM) : ok("floor", found);
}

/** What a user's bytes a day mean for so much free disk; undefined when it could not be asked. */
export function judgeQuota(
  { diskRoomBytes, storedMibPerDay, source }: StorageLimits,
  free: number | undefined,
): Finding {
  const quota = `One user stores ${size(storedMibPerDay * MIB)} a day at most (storedMibPerDay, ${source})`;
  if (free === undefined) return ok("quota", quota);
  const days = Math.floor(Math.max(0, free - diskRoomBytes) / (storedMibPerDay * MIB));
  if (days >= FEW_DAYS) {
    return ok("quota", `${quota}: one alone would need ${days.toLocaleString("en-US")} days`);
  }
  return warning(
    "quota",
    `${quota}: one alone could fill what is above the floor in ${days + 1} ${days === 0 ? "day" : "days"}`,
    "Make room, or set storedMibPerDay lower among the limits of the settings file; SIGHUP is enough",
  );
}
