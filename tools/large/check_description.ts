/**
 * Holds the description of the contract to the published schemas of OpenAPI and AsyncAPI: prints what is wrong with
 * it, and fails when something is. Takes the folder.
 *
 * @module
 */
import { Validator } from "npm:@seriousme/openapi-schema-validator@2.11.0";
import asyncApi from "npm:@asyncapi/specs@6.11.1/schemas/3.0.0-without-$id.json" with { type: "json" };
import { Ajv } from "npm:ajv@8.20.0";

const [folder] = Deno.args;
const read = (name: string) => JSON.parse(Deno.readTextFileSync(`${folder}/${name}`));

const { valid, errors } = await new Validator().validate(read("openapi.json"));
if (!valid) console.error("openapi.json:", JSON.stringify(errors, undefined, 1));

const ajv = new Ajv({ strict: false, validateFormats: false, logger: false });
const validate = ajv.compile(asyncApi);
const fits = validate(read("asyncapi.json"));
if (!fits) console.error("asyncapi.json:", JSON.stringify(validate.errors?.slice(0, 20), undefined, 1));

Deno.exitCode = valid && fits ? 0 : 1;
