/**
 * Debian's Firefox by WebDriver BiDi (https://www.w3.org/TR/webdriver-bidi/),
 * as far as a look at the page needs it: playwright-core drives builds of its
 * own, and with others stops at a command that they do not know.
 *
 * @module
 */
import { firstFile, PATIENCE_MS } from "./browser.ts";

/** Path of the browser; undefined where there is none. ROOKERY_FIREFOX names another one. */
export const FIREFOX = firstFile([
  Deno.env.get("ROOKERY_FIREFOX"),
  "/usr/bin/firefox-esr",
  "/usr/bin/firefox",
]);

interface Answer {
  readonly id?: number;
  readonly result?: {
    readonly contexts?: { context: string }[];
    readonly type?: string;
    readonly result?: unknown;
  };
  readonly exceptionDetails?: { readonly text: string };
  readonly error?: string;
  readonly message?: string;
  readonly method?: string;
  readonly params?: { readonly level: string; readonly text: string };
}

/** One window with one page. */
export class Firefox implements AsyncDisposable {
  /** What the page has complained about. */
  readonly problems: string[] = [];
  readonly #process: Deno.ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #context = "";
  #lastId = 0;

  private constructor(process: Deno.ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
    socket.onclose = () => {
      for (const { reject } of this.#waiting.values()) reject(new Error("Firefox has gone"));
    };
  }

  static async start(): Promise<Firefox> {
    const profile = await Deno.makeTempDir({ prefix: "rookery_firefox_" });
    const process = new Deno.Command(FIREFOX!, {
      args: ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile],
      env: { HOME: profile, LANG: "C.UTF-8" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    try {
      const socket = new WebSocket(`${await addressIn(process.stderr)}/session`);
      const firefox = new Firefox(process, profile, socket);
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = reject;
      });
      await firefox.#begin();
      return firefox;
    } catch (error) {
      process.kill("SIGKILL");
      await process.status;
      await Deno.remove(profile, { recursive: true });
      throw error;
    }
  }

  async open(url: string): Promise<void> {
    await this.#send("browsingContext.navigate", { context: this.#context, url, wait: "complete" });
  }

  /** Value of an expression in the page that is true, a text or a number; asks again while it is false or empty. */
  async wait(expression: string): Promise<unknown> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const { result } = await this.#send("script.evaluate", {
        expression,
        target: { context: this.#context },
        awaitPromise: true,
      });
      const { value } = (result?.result ?? {}) as { value?: unknown };
      if (value) return value;
      if (performance.now() > deadline) throw new Error(`Not within ${PATIENCE_MS} ms: ${expression}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Clicks what the selector finds, and whose text begins so, as soon as it is there. */
  async click(selector: string, text = ""): Promise<void> {
    const [of, words] = [JSON.stringify(selector), JSON.stringify(text)];
    await this.wait(
      `(() => { const found = [...document.querySelectorAll(${of})].find((element) =>
        !element.disabled && (element.ariaLabel ?? element.innerText).trim().startsWith(${words}));
        found?.click(); return found !== undefined; })()`,
    );
  }

  /** Types into what the selector finds. */
  async type(selector: string, text: string): Promise<void> {
    const of = JSON.stringify(selector);
    await this.wait(`(document.querySelector(${of})?.focus(), document.activeElement?.matches(${of}))`);
    await this.press(...text);
  }

  /** Keys as https://www.w3.org/TR/webdriver2/#keyboard-actions names them: a character each. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#keys(keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]));
  }

  /** Presses a key while others are held down. */
  async chord(...keys: readonly string[]): Promise<void> {
    await this.#keys([
      ...keys.map((value) => ({ type: "keyDown", value })),
      ...keys.toReversed().map((value) => ({ type: "keyUp", value })),
    ]);
  }

  async #keys(actions: readonly { readonly type: string; readonly value: string }[]): Promise<void> {
    await this.#send("input.performActions", {
      context: this.#context,
      actions: [{ type: "key", id: "keyboard", actions }],
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#send("browser.close", {}).catch(() => {});
    const late = setTimeout(() => this.#process.kill("SIGKILL"), 10_000);
    await this.#process.status;
    clearTimeout(late);
    this.#socket.close();
    await Deno.remove(this.#profile, { recursive: true });
  }

  async #begin(): Promise<void> {
    await this.#send("session.new", { capabilities: {} });
    await this.#send("session.subscribe", { events: ["log.entryAdded"] });
    const { result } = await this.#send("browsingContext.getTree", {});
    this.#context = result!.contexts![0]!.context;
  }

  async #send(method: string, params: object): Promise<Answer> {
    const id = ++this.#lastId;
    const waiting = Promise.withResolvers<Answer>();
    this.#waiting.set(id, waiting);
    this.#socket.send(JSON.stringify({ id, method, params }));
    const answer = await waiting.promise;
    if (answer.error) throw new Error(`${method}: ${answer.error}: ${answer.message}`);
    return answer;
  }

  #hear(answer: Answer): void {
    if (answer.id !== undefined) {
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
    } else if (answer.method === "log.entryAdded" && answer.params?.level === "error") {
      this.problems.push(answer.params.text);
    }
  }
}

/** Where Firefox listens, as it says on standard error; what it says later is read and dropped. */
async function addressIn(stderr: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  const reader = stderr.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`Firefox has ended: ${text}`);
    text += value;
    const address = /WebDriver BiDi listening on (ws:\S+)/.exec(text)?.[1];
    if (!address) continue;
    (async () => {
      while (!(await reader.read()).done);
    })().catch(() => {});
    return address;
  }
}
