/** The client that has the whole terminal: wires the keys and the server to the screen. @module */
import type { RookeryClient } from "../../client/mod.ts";
import { complain } from "../say.ts";
import { neutralLine } from "./text.ts";
import { Controller } from "./controller.ts";
import { KeyDecoder } from "./keys.ts";
import { Terminal } from "./terminal.ts";

export interface FullScreenOptions {
  readonly client: RookeryClient;
  /** Address of the server, for the status line. */
  readonly base: string;
  /** Name of the channel to begin with. */
  readonly channel: string | undefined;
  readonly noColor: boolean;
  /** The system wants an end. */
  readonly signal: AbortSignal;
}

const FRAME_MS = 16;
const COUNTDOWN_MS = 1000;
/** How long the end waits for what is not stored yet. */
const FAREWELL_MS = 3000;

/** Runs until the person quits; returns the exit code. Throws what ended the session. */
export async function runFullScreen(options: FullScreenOptions): Promise<number> {
  const { client } = options;
  try {
    await onScreen(options);
  } finally {
    await farewell(client);
  }
  return 0;
}

async function onScreen({ client, base, channel, noColor, signal }: FullScreenOptions): Promise<void> {
  const ended = Promise.withResolvers<void>();
  await using cleanup = new AsyncDisposableStack();
  // Even a fault of ours must leave the terminal as it was.
  const fault = (event: ErrorEvent | PromiseRejectionEvent) => {
    event.preventDefault();
    ended.reject("error" in event ? event.error : event.reason);
  };
  for (const type of ["error", "unhandledrejection"] as const) {
    globalThis.addEventListener(type, fault as EventListener);
    cleanup.defer(() => globalThis.removeEventListener(type, fault as EventListener));
  }
  const terminal = cleanup.use(new Terminal({ noColor }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const redraw = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      terminal.draw(controller.frame(terminal.size));
    }, FRAME_MS);
  };
  const controller = new Controller({ client, base, channel, redraw, quit: () => ended.resolve() });
  cleanup.defer(() => clearTimeout(timer));
  const repaint = () => {
    terminal.invalidate();
    redraw();
  };
  Deno.addSignalListener("SIGWINCH", repaint);
  cleanup.defer(() => Deno.removeSignalListener("SIGWINCH", repaint));
  const countdown = setInterval(() => client.state.name === "waiting" && redraw(), COUNTDOWN_MS);
  cleanup.defer(() => clearInterval(countdown));
  cleanup.defer(client.on("state", (state) => {
    if (state.name !== "ended") return;
    if (state.error) ended.reject(state.error);
    else ended.resolve();
  }));
  cleanup.use(controller.listen());
  signal.addEventListener("abort", () => ended.resolve(), { once: true });
  if (signal.aborted) ended.resolve();
  client.connect();
  redraw();
  readKeys(terminal, (key) => {
    if (key.name === "redraw") repaint();
    else controller.press(key);
    redraw();
  }).then(ended.resolve, ended.reject);
  await ended.promise;
}

async function readKeys(
  terminal: Terminal,
  press: (key: ReturnType<KeyDecoder["decode"]>[number]) => void,
): Promise<void> {
  const decoder = new KeyDecoder();
  for (let bytes = await terminal.read(); bytes; bytes = await terminal.read()) {
    for (const key of decoder.decode(bytes)) press(key);
  }
}

/** Gives what was written last a chance, and tells what is lost. */
async function farewell(client: RookeryClient): Promise<void> {
  if (client.state.name === "live" && client.pending().length > 0) {
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, FAREWELL_MS);
    await Promise.race([client.drained(), late.promise]);
    clearTimeout(timer);
  }
  for (const { name, body } of client.pending()) {
    if (name !== "sendMessage") continue;
    const { text = "" } = body as { readonly text?: string };
    complain(`not sent: ${neutralLine(text)}`);
  }
}
