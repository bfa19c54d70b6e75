/** GET /metrics on a port of its own, which need not be open to anybody who may chat. @module */
import { Listener, type ListenerOptions } from "./listener.ts";
import { pathOf } from "./requests/path.ts";
import { textResponse } from "./requests/response.ts";

const PATH = "/metrics";
/** https://prometheus.io/docs/instrumenting/exposition_formats/ */
const TYPE = "text/plain; version=0.0.4; charset=utf-8";

export interface MetricsListenerOptions extends Omit<ListenerOptions, "at" | "handle"> {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The metrics as they are now. */
  render(): string;
}

/** Listens at once. Throws one line that tells what to change when it cannot. */
export function listenForMetrics({ render, host, port, ...options }: MetricsListenerOptions): Listener {
  try {
    return new Listener({ ...options, at: { host, port }, handle: (request) => answer(request, render) });
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new Error(`Port ${port} for metrics is in use: choose another with --metrics-port`);
    }
    throw new Error(
      `Metrics cannot be served on ${host} port ${port}: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

function answer(request: Request, render: () => string): Response {
  if (pathOf(request) !== PATH) {
    return textResponse(`Not found: metrics are at ${PATH}\n`, { status: 404 });
  }
  if (request.method === "GET" || request.method === "HEAD") return textResponse(render(), { type: TYPE });
  const refusal = textResponse("Method not allowed: get metrics by GET\n", { status: 405 });
  refusal.headers.set("allow", "GET, HEAD");
  return refusal;
}
