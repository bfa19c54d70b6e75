import assert from "node:assert/strict";
import type { DescMessage } from "@bufbuild/protobuf";
import type { CommandBody } from "../../src/chat/command.ts";
import { COMMANDS } from "../../src/chat/commands/mod.ts";
import { contentOf } from "../../src/chat/fingerprint.ts";
import { COMMAND_TABLE } from "../../src/wire/gen/command_table.ts";
import { CommandSchema } from "../../src/wire/gen/rookery/v1/command_pb.ts";

const KINDS = { read: "read", write: "durable", live: "live" } as const;

interface Properties {
  readonly kind: string;
  readonly public?: boolean;
  readonly postOnly?: boolean;
}

const FIELDS = CommandSchema.oneofs[0]!.fields.map(({ localName, message }) => ({
  name: localName as keyof typeof COMMAND_TABLE,
  message: message as DescMessage,
}));

Deno.test("the service has every command, and the core runs it as the contract says", () => {
  assert.deepEqual(FIELDS.map(({ name }) => name).sort(), Object.keys(COMMAND_TABLE).sort());
  for (const { name } of FIELDS) {
    const spec = COMMANDS[name];
    const said: Properties = COMMAND_TABLE[name];
    assert.equal(said.kind, KINDS[spec.kind], name);
    const open = spec.kind !== "live" && spec.access === "anyone";
    assert.equal(said.public ?? false, open, name);
    assert.equal(said.postOnly ?? false, open && spec.kind === "write", name);
  }
});

Deno.test("K9 nothing that the contract calls a secret is in a fingerprint", () => {
  let secrets = 0;
  for (const { name, message } of FIELDS) {
    for (const { localName } of message.fields.filter(({ proto }) => proto.options?.debugRedact)) {
      const value = { [localName]: "correct horse" };
      assert.equal(contentOf({ case: name, value } as unknown as CommandBody), name, `${name}.${localName}`);
      secrets++;
    }
  }
  assert.ok(secrets >= 6);
});
