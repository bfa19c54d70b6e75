/** What is offered while something is written. @module */
import type { RefObject, VNode } from "preact";
import type { Room } from "../../state/channels/room.ts";

export interface CompletionOptions {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly room: Room;
  readonly text: string;
  readonly caret: number;
  /** Writes at the caret, over what is selected, or over what stands between `start` and the caret. */
  readonly insert: (text: string, place?: { start: number }) => void;
}

export interface Offer {
  readonly key: string;
  readonly icon: VNode;
  readonly name: string;
  /** How it is written, or what it means. */
  readonly aside: string;
  /** Puts it in the place of what was written. */
  take(): void;
}

export interface Offers {
  /** What is being written, with the sign in front; undefined when it is nothing of this kind. */
  readonly word: string | undefined;
  readonly label: string;
  readonly list: readonly Offer[];
}
