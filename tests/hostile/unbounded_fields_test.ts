/** CVE-2024-31208 and CVE-2023-32323 (Synapse): one field without a bound fills the disk and everybody's time. */
import { equal, ok } from "node:assert/strict";
import { ScalarType } from "@bufbuild/protobuf";
import { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";
import { siege } from "./siege.ts";

/** As large as a request's body can be. */
const LARGE = "z".repeat(60_000);
/** Fields that are only looked for, and kept nowhere. */
const NOT_KEPT = new Set(["prefix", "after", "epoch"]);
const DISK_MAX_BYTES = 256 * 1024;

siege("CVE-2024-31208, CVE-2023-32323 (Synapse): fields without a bound", {
  "every text and every list of every command": async ({ target, mallory, bystanders }) => {
    const size = async () => {
      let bytes = 0;
      for (const name of ["rookery.db", "rookery.db-wal"]) {
        bytes += (await Deno.stat(`${target.folder}/data/${name}`).catch(() => ({ size: 0 }))).size;
      }
      return bytes;
    };
    const before = await size();
    let tried = 0;
    for (const { message } of CommandSchema.oneofs[0]!.fields) {
      for (const field of message!.fields) {
        const texts = field.fieldKind === "scalar" && field.scalar === ScalarType.STRING;
        if (!texts && field.fieldKind !== "list") continue;
        tried++;
        const large = texts
          ? LARGE
          : new Array(15_000).fill(field.fieldKind === "list" && field.listKind === "message" ? {} : 1);
        const base: Record<string, unknown> = {
          channelId: bystanders.channelId,
          messageSeq: 1,
          userId: mallory.userId,
        };
        const known = new Set(message!.fields.map(({ localName }) => localName));
        const body = Object.fromEntries(Object.entries(base).filter(([name]) => known.has(name)));
        const response = await fetch(`${target.url}/api/v1/${message!.name}`, {
          method: "POST",
          body: JSON.stringify({ ...body, [field.localName]: large }),
          headers: { "content-type": "application/json", authorization: `Bearer ${mallory.token}` },
        });
        const text = await response.text();
        const what = `${message!.name}.${field.localName}: ${response.status} ${text.slice(0, 100)}`;
        ok(response.status >= 400 || NOT_KEPT.has(field.localName), what);
        ok(response.status !== 500, what);
        ok(text.length < 10_000, what);
      }
    }
    ok(tried > 25, `${tried} fields`);
    const grown = await size() - before;
    ok(grown < DISK_MAX_BYTES, `The database grew by ${grown} bytes`);
    const ready = await fetch(`${target.url}/readyz`);
    equal(ready.status, 200, await ready.text());
  },
});
