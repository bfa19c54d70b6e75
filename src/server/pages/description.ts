import { HEADERS } from "../requests/response.ts";
import { StaticFile } from "./static_file.ts";

/** Where each file of the contract is, and what it is. */
const PLACES = [
  { name: "openapi.json", file: "openapi.json", type: "application/json" },
  { name: "asyncapi.json", file: "asyncapi.json", type: "application/json" },
  { name: "descriptor", file: "descriptor.binpb", type: "application/protobuf" },
];

/** The contract, for programs that read it from the server itself. */
export class Description {
  readonly #files = new Map<string, StaticFile>();

  private constructor() {}

  /** Takes the files in, by their names in src/wire/gen/description. */
  static async of(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Promise<Description> {
    const description = new Description();
    for (const { name, file, type } of PLACES) {
      const plain = files.get(file);
      if (!plain) throw new Error(`The description of the contract has no ${file}`);
      description.#files.set(
        name,
        await StaticFile.of(
          { plain },
          { ...HEADERS, "cache-control": "no-cache", "content-type": type },
        ),
      );
    }
    return description;
  }

  /** The file at this place below /api/v1/; undefined when there is none. */
  respond(request: Request, name: string): Response | undefined {
    return this.#files.get(name)?.respond(request);
  }
}
