/** A request's body, bounded in size and time. @module */
import { ChatError, Code } from "../../chat/error.ts";
import type { Limits } from "../../chat/limits.ts";
import { HttpRefusal } from "./response.ts";

type BodyLimits = Pick<Limits, "frameBytes" | "bodyParts" | "bodyMs">;

/**
 * Rejects with ChatError invalid_argument for a body that is too large or comes in too many parts, unavailable for one
 * that is too slow.
 */
export async function readBody(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  const { bodyMs, frameBytes } = limits;
  // Without the header it is counted as it comes.
  if (Number(request.headers.get("content-length") ?? 0) > frameBytes) throw tooLarge(frameBytes);
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    // The read that waits ends with it; a body that has ended meanwhile cannot be cancelled and need not be.
    reader.cancel().catch(() => {});
  }, bodyMs);
  try {
    const body = await readAll(reader, limits);
    if (!late) return body;
  } finally {
    clearTimeout(timer);
  }
  throw new HttpRefusal(
    { status: 408, headers: { connection: "close" } },
    [Code.UNAVAILABLE, `The request's body did not come within ${bodyMs / 1000} s: send it again`],
  );
}

function tooLarge(bytes: number): ChatError {
  return new ChatError(Code.INVALID_ARGUMENT, `Request too large: at most ${bytes} bytes`);
}

async function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { frameBytes, bodyParts }: BodyLimits,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let chunk = await next(reader); !chunk.done; chunk = await next(reader)) {
    size += chunk.value.byteLength;
    chunks.push(chunk.value);
    if (size > frameBytes) {
      await reader.cancel();
      throw tooLarge(frameBytes);
    }
    // Parts that are there already are read without a turn of the loop: by the ten thousand they would stop it for seconds.
    if (chunks.length > bodyParts) {
      await reader.cancel();
      throw new ChatError(Code.INVALID_ARGUMENT, `Request in too many parts: send at most ${bodyParts}`);
    }
  }
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return body;
}

async function next(
  reader: ReadableStreamDefaultReader<Uint8Array>,
): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch {
    // The request broke off; there is nobody to tell.
    throw new ChatError(Code.INVALID_ARGUMENT, "The request's body could not be read");
  }
}
