/** The status line. @module */
import type { RookeryClient } from "../../client/mod.ts";
import type { Names } from "./names.ts";
import type { Line } from "./style.ts";
import { neutralLine } from "./text.ts";

export interface StatusInput {
  readonly client: RookeryClient;
  readonly names: Names;
  readonly channelId: number;
  readonly base: string;
  /** Replaces everything else on the left. */
  readonly hint: string;
  readonly scrolled: boolean;
  readonly loading: boolean;
}

export function statusOf(input: StatusInput): { readonly left: Line; readonly right: string } {
  const { client, names, channelId, hint, base } = input;
  const { state } = client;
  const connection = connectionText(client);
  const notes = [
    input.loading ? "loading…" : "",
    input.scrolled ? "↓ more below (PageDown, Esc)" : "",
    pendingText(client.pending().length),
  ].filter((note) => note !== "");
  const me = client.replica.me?.name;
  const left: Line = hint !== "" ? [{ text: ` ${hint}`, style: { bold: true } }] : [
    { text: ` ${connection} `, style: state.name === "live" ? {} : { bold: true } },
    { text: ` ${typingText(client.replica.typing(channelId).map((id) => names.user(id)))}` },
  ];
  const right = notes.length > 0 ? notes.join(" · ") : me ? `${me} @ ${new URL(base).host} · /help` : "";
  return { left, right };
}

function connectionText({ state }: RookeryClient): string {
  switch (state.name) {
    case "live":
      return "● connected";
    case "waiting": {
      if (state.planned) return "◌ reconnecting…";
      const seconds = Math.max(0, Math.ceil((state.retryAtMs - Date.now()) / 1000));
      return `○ reconnecting in ${seconds} s: ${neutralLine(state.error.message)}`;
    }
    case "catching-up":
      return "◐ catching up…";
    case "ended":
      return "○ ended";
    default:
      return "◌ connecting…";
  }
}

function typingText(names: readonly string[]): string {
  if (names.length === 0) return "";
  if (names.length > 3) return `${names.length} people are typing…`;
  return `${names.join(", ")} ${names.length === 1 ? "is" : "are"} typing…`;
}

function pendingText(count: number): string {
  return count === 0 ? "" : `${count} not stored yet`;
}
