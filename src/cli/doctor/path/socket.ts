/** Whether WebSockets get through, in both encodings, whole, and for long. @module */
import { socketUrl } from "../../../client/http.ts";
import { RookeryClient } from "../../../client/mod.ts";
import { neutralLine } from "../../chat/text.ts";
import { type Finding, ok, problem, unknown, warning } from "../finding.ts";
import { shakeHands } from "./handshake.ts";
import { ANSWER_MS, reasonOf, type Target } from "./target.ts";

const FORMATS = ["proto", "json"] as const;
const ROUNDS = 5;
/** For as long clients say nothing when nobody writes. */
const QUIET_MS = 30_000;
/** Where people begin to notice. */
const SLOW_MS = 500;

/** Address of this side of a connection to the server. */
export interface SocketFindings {
  readonly findings: readonly Finding[];
  readonly localAddress: string | undefined;
}

export async function examineSockets(target: Target): Promise<SocketFindings> {
  const findings: Finding[] = [];
  let localAddress: string | undefined;
  for (const format of FORMATS) {
    const check = `socket ${format}`;
    try {
      using handshake = await shakeHands(socketUrl(target.base), {
        protocol: `rookery.v1.${format}`,
        token: target.token,
        timeoutMs: ANSWER_MS,
      });
      localAddress = handshake.localAddress;
      const finding = judgeHandshake(check, { ...handshake, format, token: target.token });
      findings.push(finding ?? await examineRoundTrip(check, format, target));
    } catch (error) {
      findings.push(
        problem(check, `The handshake fails: ${reasonOf(error)}`, "Look at the proxy's error log"),
      );
    }
  }
  return { findings, localAddress };
}

interface Answer {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly format: string;
  readonly token: string | undefined;
}

/** Undefined when the socket is open. */
function judgeHandshake(
  check: string,
  { status, headers, body, format, token }: Answer,
): Finding | undefined {
  const upgrade =
    "Let the proxy pass Upgrade and Connection on (nginx: proxy_http_version 1.1, proxy_set_header Upgrade " +
    "$http_upgrade, Connection upgrade)";
  if (status === 101) {
    if (headers.get("sec-websocket-protocol") !== `rookery.v1.${format}`) {
      return problem(
        check,
        "The proxy takes Sec-WebSocket-Protocol from the answer",
        "Let it pass all headers on",
      );
    }
    return headers.has("sec-websocket-extensions")
      ? warning(
        check,
        `The proxy compresses WebSockets (${neutralLine(headers.get("sec-websocket-extensions")!)})`,
        "Turn that off: it costs memory for each connection, and lets small frames become huge",
      )
      : undefined;
  }
  if (/Not a WebSocket handshake/.test(body)) {
    return problem(check, "The proxy does not pass the upgrade on: people could not chat", upgrade);
  }
  if (/Subprotocol missing/.test(body)) {
    return problem(check, "The proxy takes Sec-WebSocket-Protocol away", "Let it pass all headers on");
  }
  if (status === 401 && /No session/.test(body)) {
    return token === undefined
      ? unknown(
        check,
        "The handshake reaches Rookery, which asks for a session; whether frames come through was not tried",
        "Set ROOKERY_TOKEN, or log in with `rookery chat URL` once: its session is used",
      )
      : problem(
        check,
        "The session has ended, or the proxy takes Authorization away",
        "Log in again with `rookery chat URL`; let the proxy pass all headers on",
      );
  }
  const said = /"message":"([^"]*)"/.exec(body)?.[1];
  return problem(
    check,
    `The handshake is answered with status ${status}${said ? `: ${neutralLine(said)}` : ""}`,
    upgrade,
  );
}

/** What is asked over the socket comes back over it. */
async function examineRoundTrip(check: string, format: "proto" | "json", target: Target): Promise<Finding> {
  await using client = new RookeryClient(target.base, {
    token: target.token,
    format,
    away: true,
    requestTimeoutMs: ANSWER_MS,
  });
  const startMs = performance.now();
  await Promise.race([client.live(), late(ANSWER_MS)]);
  const liveMs = performance.now() - startMs;
  const tookMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const askedMs = performance.now();
    await client.listUsers({ limit: 1 });
    tookMs.push(performance.now() - askedMs);
  }
  const median = tookMs.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
  const found =
    `Open, without compression; all that is asked comes back, in ${
      median.toFixed(1)
    } ms; everything missed was ` +
    `there after ${liveMs.toFixed(0)} ms`;
  return median > SLOW_MS
    ? warning(check, found, "That is a long way, or a proxy that holds answers back")
    : ok(check, found);
}

async function late(ms: number): Promise<never> {
  await new Promise((resolve) => Deno.unrefTimer(setTimeout(resolve, ms)));
  throw new Error(`Not live within ${ms / 1000} s`);
}

/** Clients say something every 30 seconds; what is silent for a little longer must not be cut. */
export async function examineIdle({ base, token, idleMs }: Target): Promise<Finding> {
  const check = "idle socket";
  if (idleMs === 0) return unknown(check, "Was not tried", "Leave --idle out");
  if (token === undefined) {
    return unknown(check, "Was not tried, for lack of a session", "As for the sockets above");
  }
  const seconds = idleMs / 1000;
  try {
    using handshake = await shakeHands(socketUrl(base), {
      protocol: "rookery.v1.proto",
      token,
      timeoutMs: ANSWER_MS,
    });
    if (handshake.status !== 101) {
      return unknown(check, "Was not tried: the socket did not open", "See above");
    }
    const startMs = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const over = new Promise<"open">((resolve) => timer = setTimeout(() => resolve("open"), idleMs));
    const end = await Promise.race([over, handshake.ended().then(() => "closed" as const)]);
    clearTimeout(timer);
    const open = `A socket that is silent for ${seconds} s stays open`;
    if (end === "open" && idleMs < QUIET_MS) {
      return unknown(check, `${open}; clients may be silent for 30 s`, "Leave --idle out");
    }
    if (end === "open") return ok(check, open);
    const lived = ((performance.now() - startMs) / 1000).toFixed(1);
    return problem(
      check,
      `The proxy cuts a silent socket after ${lived} s; clients say something every 30 s`,
      "Give it 120 s (nginx: proxy_read_timeout 120s)",
    );
  } catch (error) {
    return problem(check, `The handshake fails: ${reasonOf(error)}`, "See above");
  }
}
