/** Connections that have opened and are silent, until the laboratory says "stop". @module */
import type { IdleJob } from "../protocol.ts";
import { closeAll, connectAll } from "./connect.ts";
import { rookeryProto } from "./rookery_proto.ts";
import type { Stdio } from "./stdio.ts";

export async function idle(job: IdleJob, stdio: Stdio): Promise<{ connections: number; cutOff: number }> {
  const before = performance.now();
  let cutOff = 0;
  const sockets = await connectAll(job.users, ({ token }) => rookeryProto.connect(job.socketUrl, token));
  for (const socket of sockets) socket.onclose = () => cutOff++;
  stdio.say({ type: "ready", connectMs: performance.now() - before });
  await stdio.stop();
  const result = { connections: sockets.length, cutOff };
  await closeAll(sockets);
  return result;
}
