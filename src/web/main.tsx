/** The web client's beginning. @module */
import { render } from "preact";
import { boot } from "./state/session.ts";
import { App } from "./ui/app.tsx";

boot();
render(<App />, document.getElementById("app")!);
