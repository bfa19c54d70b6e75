/** Where messages are written. @module */
import { useSignal } from "@preact/signals";
import type { RefObject, TargetedInputEvent } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { ChannelKind } from "../../../client/mod.ts";
import { hasControls, withoutControls } from "../../../text/controls.ts";
import { t } from "../../i18n/i18n.ts";
import type { Chat } from "../../state/shell/chat.ts";
import { dialog, pickEmoji } from "../../state/shell/dialog.ts";
import type { Draft } from "../../state/composer/drafts.ts";
import type { Room } from "../../state/channels/room.ts";
import type { ChannelRow } from "../../state/channels/rows.ts";
import { notify } from "../../state/shell/notices.ts";
import { cancel, editLast, submit } from "../../state/composer/writing.ts";
import { useCompletion } from "./completion.tsx";
import { useChat } from "../shell/context.ts";
import { DeleteDialog } from "../messages/delete_dialog.tsx";
import { IconButton } from "../widgets/icon_button.tsx";
import { Icon } from "../widgets/icons.tsx";
import { insertText } from "../widgets/insert_text.ts";
import { isCommand, onKeys } from "../shell/key_event.ts";
import { MentionNotes } from "./mention_notes.tsx";
import { Quoted } from "../messages/quoted.tsx";

/** Devices whose Enter key is under a thumb write several lines; they have a button, and Ctrl+Enter. */
const COARSE = matchMedia("(pointer: coarse)");
const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");

export function Composer({ room, row }: { room: Room; row: ChannelRow }) {
  const chat = useChat();
  const { channelId } = room;
  const box = useRef<HTMLTextAreaElement>(null);
  const caret = useSignal(0);
  const draft = chat.drafts.get(channelId);
  const insert = (text: string, place?: { start: number }) => insertText(box.current!, text, place);
  const completion = useCompletion({ box, room, text: draft.text, caret: caret.value, insert });
  const bytesMax = chat.client.replica.limits?.messageBytes ?? Infinity;
  // A character has at most three bytes for each of its units.
  const bytes = draft.text.length * 3 > bytesMax ? new TextEncoder().encode(draft.text).length : 0;
  const tooLong = bytes > bytesMax;

  useEffect(() => {
    if (!COARSE.matches) box.current?.focus();
  }, [room]);
  useGrowing(box, draft.text);

  function change(text: string): void {
    chat.drafts.set(channelId, { ...chat.drafts.get(channelId), text });
  }
  const onInput = (event: TargetedInputEvent<HTMLTextAreaElement>) => {
    const { value, selectionStart } = event.currentTarget;
    change(value);
    caret.value = selectionStart;
    completion.onInput(event);
    if (value !== "" && draft.editSeq === 0) chat.client.setTyping(channelId);
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData?.getData("text/plain") ?? "";
    if (!hasControls(pasted)) return;
    event.preventDefault();
    insert(withoutControls(pasted));
    notify(t("controlsRemoved"));
  };
  useEffect(() => {
    // Dropped, or left here by another program: nobody would take it.
    if (!hasControls(draft.text)) return;
    change(withoutControls(draft.text));
    notify(t("controlsRemoved"));
  }, [draft.text]);
  const askToDelete = () => {
    const message = { channelId, seq: draft.editSeq, text: draft.before ?? "" };
    dialog.value = () => <DeleteDialog message={message} />;
  };
  const send = () => {
    if (tooLong) return;
    if (draft.editSeq > 0 && draft.text.trim() === "") askToDelete();
    else submit(chat, channelId);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!completion.onKeyDown(event)) onKey(event, { chat, channelId, draft, send });
  };
  const name = row.kind === ChannelKind.DIRECT ? row.title : `#${row.title}`;
  return (
    <form
      class={`composer ${draft.editSeq > 0 ? "editing" : ""}`}
      onSubmit={(event) => (event.preventDefault(), send())}
    >
      {completion.popup}
      <Strip channelId={channelId} draft={draft} />
      <MentionNotes row={row} text={draft.text} />
      <div class="desk-row">
        <textarea
          id="composer"
          ref={box}
          rows={1}
          dir="auto"
          value={draft.text}
          placeholder={t("writeTo", { name })}
          aria-label={t("writeTo", { name })}
          aria-invalid={tooLong}
          {...completion.attributes}
          onInput={onInput}
          onPaste={onPaste}
          onKeyDown={onKeys(onKeyDown)}
          onSelect={(event) => caret.value = event.currentTarget.selectionStart}
        />
        <IconButton
          icon="smile"
          label={t("insertEmoji")}
          onClick={(event) => pickEmoji(event.currentTarget, insert)}
        />
        <SendButton
          editing={draft.editSeq > 0}
          disabled={(draft.text.trim() === "" && draft.editSeq === 0) || tooLong}
        />
      </div>
      {tooLong && <p class="hint bad" role="alert">{t("tooLong", { bytes, max: bytesMax })}</p>}
    </form>
  );
}

/** What the text will be, if not simply a new message. */
function Strip({ channelId, draft }: { channelId: number; draft: Draft }) {
  const chat = useChat();
  if (draft.editSeq === 0 && draft.replyTo === 0) return null;
  return (
    <div class="strip">
      {draft.editSeq > 0
        ? (
          <>
            <Icon name="edit" />
            <span>{t("editing")}</span>
          </>
        )
        : <Quoted channelId={channelId} seq={draft.replyTo} />}
      <IconButton icon="close" label={t("cancel")} onClick={() => cancel(chat, channelId)} />
    </div>
  );
}

function SendButton({ editing, disabled }: { editing: boolean; disabled: boolean }) {
  const label = editing ? t("save") : t("send");
  return (
    <button type="submit" class="send" aria-label={label} title={label} disabled={disabled}>
      <Icon name={editing ? "check" : "send"} />
    </button>
  );
}

/** Enter sends, Escape steps back, and the arrow up goes to what was sent last. */
function onKey(
  event: KeyboardEvent,
  { chat, channelId, draft, send }: { chat: Chat; channelId: number; draft: Draft; send: () => void },
): void {
  if (event.key === "Enter" && !event.shiftKey && (isCommand(event) || !COARSE.matches)) {
    event.preventDefault();
    send();
  } else if (event.key === "Escape" && cancel(chat, channelId)) {
    event.preventDefault();
    event.stopPropagation();
  } else if (event.key === "ArrowUp" && draft.text === "" && draft.editSeq === 0 && editLast(chat)) {
    event.preventDefault();
  }
}

/** Makes the box as high as its text where the browser does not. */
function useGrowing(box: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    if (GROWS_BY_ITSELF || !box.current) return;
    box.current.style.height = "auto";
    box.current.style.height = `${box.current.scrollHeight}px`;
  }, [text]);
}
