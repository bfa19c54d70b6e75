/** The channels and conversations in which everything happens. @module */
import type { Device } from "./cast.ts";
import type { Random } from "./random.ts";

const PUBLIC = ["random", "code", "languages"];
const PRIVATE = ["backstage", "garden"];

/** Opens public and private channels and conversations of two and of several. */
export async function openPlaces(devices: readonly Device[], random: Random): Promise<void> {
  const userIds = [...new Set(devices.map(({ userId }) => userId))];
  const people = userIds.map((id) => devices.find(({ userId }) => userId === id)!);
  const open = async (name: string, isPrivate: boolean, index: number) => {
    const creator = people[index % people.length]!;
    const channel = await creator.ledger.command("createChannel", { name, private: isPrivate });
    if (!channel) return;
    const guests = random.sample(
      people.filter((person) => person !== creator),
      Math.ceil(people.length * 0.6),
    );
    await Promise.all(
      guests.map(({ ledger, userId }) =>
        isPrivate
          ? creator.ledger.command("addMember", { channelId: channel.id, userId })
          : ledger.command("joinChannel", { channelId: channel.id })
      ),
    );
    const deputy = guests[0];
    if (!deputy) return;
    await creator.ledger.command("setMemberRole", { channelId: channel.id, userId: deputy.userId, role: 2 });
  };
  await Promise.all([
    ...PUBLIC.map((name, index) => open(name, false, index)),
    ...PRIVATE.map((name, index) => open(name, true, index + PUBLIC.length)),
    ...Array.from({ length: 3 }, () => openDirect(random.pick(people)!, userIds, random)),
  ]);
}

/** Opens a conversation of two to five people, or finds it. */
export async function openDirect(device: Device, userIds: readonly number[], random: Random): Promise<void> {
  const others = userIds.filter((id) => id !== device.userId);
  const chosen = random.sample(others, random.chance(0.5) ? 1 : 2 + random.below(3));
  await device.ledger.command("openDirect", { userIds: chosen });
}
