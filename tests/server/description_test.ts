/** The contract as the server tells it, and whether its answers are as it says. */
import { deepEqual, equal, match, ok } from "node:assert/strict";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { Rig } from "./rig.ts";

/** Requests of each command by each caller. */
const RUNS = 40;
const BURST = 1_000_000;
/** Commands by which the one who asks may lose the session. */
const ENDING = new Set([
  "logout",
  "revokeSessions",
  "changePassword",
  "setUserDisabled",
  "setUserRole",
  "resetPassword",
]);

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly requestBody: { readonly content: { readonly "application/json": { readonly schema: Schema } } };
  readonly responses: Readonly<Record<string, { readonly $ref?: string }>>;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly post: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

async function openApiOf(rig: Rig): Promise<OpenApi> {
  return await (await fetch(`${rig.url}/api/v1/openapi.json`)).json();
}

Deno.test("W1 anybody may read the contract, by GET, with an ETag", async () => {
  await using rig = await Rig.start();
  const types = {
    "openapi.json": "application/json",
    "asyncapi.json": "application/json",
    "descriptor": "application/protobuf",
  };
  for (const [name, type] of Object.entries(types)) {
    const address = `${rig.url}/api/v1/${name}`;
    const whole = await fetch(address);
    equal(whole.status, 200);
    equal(whole.headers.get("content-type"), type);
    ok((await whole.bytes()).length > 10_000);
    const again = await fetch(address, { headers: { "if-none-match": whole.headers.get("etag")! } });
    equal(again.status, 304);
    equal(await again.text(), "");
    const posted = await fetch(address, { method: "POST" });
    equal(posted.status, 405);
    await posted.body?.cancel();
    const foreign = await fetch(address, { headers: { origin: "https://elsewhere.example" } });
    equal(foreign.headers.get("access-control-allow-origin"), null);
    await foreign.body?.cancel();
  }
  const descriptor = await (await fetch(`${rig.url}/api/v1/descriptor`)).bytes();
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptor));
  const names = registry.getService("rookery.v1.Rookery")!.methods.map(({ name }) => name);
  ok(names.includes("SendMessage") && names.includes("Open"));
});

/** What a request may look like: as the schema says, and not quite. */
function bodies(schema: Schema, document: OpenApi): fc.Arbitrary<unknown> {
  const junk: fc.Arbitrary<unknown> = fc.oneof(
    fc.constantFrom(null, -1, 1.5, 2 ** 32, "", "admin", "__proto__", [], {}, true),
    fc.string({ unit: "binary" }),
    fc.double(),
  );
  if (schema.$ref) {
    return bodies(document.components.schemas[schema.$ref.split("/").at(-1)!]!, document);
  }
  const sound = ((): fc.Arbitrary<unknown> => {
    if (schema.enum) return fc.constantFrom(...schema.enum);
    switch (schema.type) {
      case "array":
        return fc.array(bodies(schema.items!, document), { maxLength: 3 });
      case "boolean":
        return fc.boolean();
      case "integer":
        return fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));
      case "object": {
        const fields = Object.entries(schema.properties ?? {}).map(([name, its]) =>
          [name, bodies(its, document)] as const
        );
        const known = fc.record(Object.fromEntries(fields), { requiredKeys: [] });
        const more = fc.tuple(known, fc.string(), junk).map(([value, name, extra]) => ({
          ...value,
          [name]: extra,
        }));
        return fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: more });
      }
      default:
        return fc.oneof(
          fc.string({ unit: "grapheme", maxLength: 40 }),
          fc.constantFrom("general", "olga", "password of mine"),
        );
    }
  })();
  return fc.oneof({ weight: 39, arbitrary: sound }, { weight: 1, arbitrary: junk });
}

Deno.test("W1 W9 whatever is asked of any command, the answer is as OpenAPI says", async () => {
  await using rig = await Rig.start({
    limits: { commandsPerSecond: BURST, commandBurst: BURST, refusalsPerSecond: BURST, refusalBurst: BURST },
    settings: { bcryptCost: 4 },
  });
  const document = await openApiOf(rig);
  const owner = await rig.owner();
  const ajv = new Ajv2020({ strict: false, validateFormats: false, schemas: { document } });
  const says = (place: string) => ajv.getSchema(`document#${place}`)!;
  const statuses = new Map<string, Set<number>>();
  for (const [path, { post }] of Object.entries(document.paths)) {
    const seen = new Set<number>();
    statuses.set(post.operationId, seen);
    for (const [at, token] of ["", "unknown", owner.token].entries()) {
      // One who may do everything would soon be logged out, or disabled.
      if (token === owner.token && ENDING.has(post.operationId)) continue;
      const arbitrary = bodies(post.requestBody.content["application/json"].schema, document);
      for (const value of fc.sample(arbitrary, { numRuns: RUNS, seed: 14 + at })) {
        const response = await fetch(rig.url + path, {
          method: "POST",
          headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
          body: JSON.stringify(value),
        });
        const answer = await response.json();
        const { status } = response;
        const declared = post.responses[String(status)];
        ok(declared, `${post.operationId} answered ${status}, which is not declared`);
        const place = status === 200
          ? `/paths/${path.replaceAll("/", "~1")}/post/responses/200/content/application~1json/schema`
          : "/components/schemas/Error";
        const validate = says(place);
        ok(
          validate(answer),
          `${post.operationId}: ${JSON.stringify(answer)}: ${ajv.errorsText(validate.errors)}`,
        );
        if (status !== 200) match(answer.message, /\S/);
        ok(status !== 500, `${post.operationId} failed on ${JSON.stringify(value)}`);
        seen.add(status);
      }
    }
  }
  const open = Object.values(document.paths).filter(({ post }) => post.security?.length === 0);
  const openToAll = open.map(({ post }) => post.operationId);
  deepEqual(openToAll, ["getServerInfo", "register", "login", "checkInvite"]);
  for (const [name, seen] of statuses) ok(seen.has(401) || openToAll.includes(name), name);
  const answered = [...statuses].filter(([, seen]) => seen.has(200)).map(([name]) => name);
  ok(answered.length >= 15, `Too few were answered: ${answered}`);
});
