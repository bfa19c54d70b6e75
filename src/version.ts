/** Version of this program, as deno.json has it. @module */
import manifest from "../deno.json" with { type: "json" };

export const VERSION: string = manifest.version;
