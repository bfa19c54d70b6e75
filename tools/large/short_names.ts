/** Prints, as JSON, each emoji's short names on GitHub: "👍" has "+1" and "thumbsup". */
import { gemoji } from "npm:gemoji@8.1.0";

console.log(JSON.stringify(Object.fromEntries(gemoji.map(({ emoji, names }) => [emoji, names]))));
