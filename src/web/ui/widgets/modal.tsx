/**
 * A window over the chat; the browser keeps the focus in it and closes it on
 * Escape. Notices are drawn in it: what is outside can be neither read nor
 * clicked.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/i18n.ts";
import { closeDialog } from "../../state/shell/dialog.ts";
import { IconButton } from "./icon_button.tsx";
import { Notices } from "../shell/notices.tsx";
import { followTranslated } from "./translated_texts.ts";

export function Modal({ title, kind = "", children }: {
  title: string;
  kind?: "wide" | "switcher" | "";
  children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the next key is pressed: it is meant for the window.
  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = element.current!;
    followTranslated(dialog);
    dialog.showModal();
    dialog.querySelector<HTMLElement>("[autofocus], input, textarea")?.focus();
    return () => {
      dialog.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={kind}
      aria-labelledby={id}
      onCancel={(event) => (event.preventDefault(), closeDialog())}
      onMouseDown={(event) => event.target === event.currentTarget && closeDialog()}
    >
      <div class="dialog-body">
        <header>
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t("close")} onClick={closeDialog} />
        </header>
        {children}
      </div>
      <Notices />
    </dialog>
  );
}
