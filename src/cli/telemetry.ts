/** Whether Deno exports by OpenTelemetry what it sees. @module */

/** Asked of a span, because the variable that switches it on may not be read. */
export function telemetryIsOn(): boolean {
  const tracer = Deno.telemetry.tracerProvider.getTracer("rookery") as {
    startSpan(name: string): { isRecording(): boolean };
  };
  try {
    // A span that is never ended is never exported.
    return tracer.startSpan("start").isRecording();
  } catch {
    // Deno has no spans to give while it is off.
    return false;
  }
}
