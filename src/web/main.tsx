/** The web client's beginning. @module */
import { render } from "preact";
import { boot } from "./state/account/session.ts";
import { App } from "./ui/shell/app.tsx";

boot();
render(<App />, document.getElementById("app")!);
