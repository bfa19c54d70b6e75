/** Why a form was refused. @module */
import { useEffect, useRef } from "preact/hooks";

/** Brings itself into sight: on a phone the form may be longer than the screen. Nothing without a text. */
export function Failure({ text }: { text: string }) {
  const line = useRef<HTMLParagraphElement>(null);
  useEffect(() => line.current?.scrollIntoView({ block: "nearest" }), [text]);
  return text === "" ? null : <p ref={line} class="hint bad" role="alert">{text}</p>;
}
