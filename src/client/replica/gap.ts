/** A hole in a stream. @module */

/** An event is missing between what is held and what came. */
export interface Gap {
  readonly stream: number;
  readonly heldSeq: number;
  readonly gotSeq: number;
}
