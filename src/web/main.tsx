/** The web client's beginning. @module */
import { render } from "preact";
import { boot } from "./state/session.ts";
import { App } from "./ui/app.tsx";
import { followTranslated } from "./ui/translated_texts.ts";

boot();
followTranslated(document.body);
render(<App />, document.getElementById("app")!);
