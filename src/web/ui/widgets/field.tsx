/** A labelled line of input. @module */
import { useSignal } from "@preact/signals";
import { useEffect, useId, useRef } from "preact/hooks";
import { withoutControls } from "../../../text/controls.ts";
import { t } from "../../i18n/i18n.ts";
import type { Fault } from "../../text/form_rules.ts";
import { Icon } from "./icons.tsx";

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** What is allowed, or why the value is not. */
  readonly hint?: string | undefined;
  /** Takes the place of the hint. */
  readonly fault?: Fault | undefined;
  readonly invalid?: boolean;
  readonly type?: "text" | "password";
  readonly autocomplete?: "username" | "name" | "current-password" | "new-password" | "off";
  readonly placeholder?: string;
  readonly required?: boolean;
  /** A name of letters and digits: nothing for the keyboard to correct. */
  readonly verbatim?: boolean;
  /** It has the focus at first. */
  readonly focused?: boolean;
}

export function Field(props: FieldProps) {
  const { label, fault, value, onValue, type = "text", autocomplete = "off" } = props;
  const { placeholder = "", required = false, verbatim = false, focused = false } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const told = useRef<HTMLParagraphElement>(null);
  const left = useSignal(false);
  const shown = useSignal(false);
  const named = fault && (!fault.late || left.value) ? fault : undefined;
  const hint = named ? t(named.key, named.values) : props.hint;
  const invalid = named !== undefined || (props.invalid ?? false);
  const kind = type === "password" && !shown.value ? { type } : { type: "text" as const };
  useEffect(() => {
    if (focused) input.current?.focus();
  }, []);
  useEffect(() => {
    if (invalid) told.current?.scrollIntoView({ block: "nearest" });
  }, [invalid]);
  return (
    <div class={type === "password" ? "field password" : "field"}>
      <label for={id}>{label}</label>
      <input
        {...kind}
        ref={input}
        id={id}
        value={value}
        placeholder={placeholder}
        required={required}
        autocomplete={autocomplete}
        autocapitalize={verbatim || type === "password" ? "none" : "sentences"}
        spellcheck={!verbatim && type === "text"}
        aria-invalid={invalid}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) =>
          onValue(type === "text" ? lineOf(event.currentTarget.value) : event.currentTarget.value)}
        onBlur={() => left.value = value !== ""}
      />
      {type === "password" && (
        <button
          type="button"
          class="icon-button eye"
          aria-label={t("showTyped")}
          title={t("showTyped")}
          aria-pressed={shown.value}
          onClick={() => shown.value = !shown.value}
        >
          <Icon name="eye" />
        </button>
      )}
      {hint && (
        <p
          ref={told}
          id={`${id}-hint`}
          class={invalid ? "hint bad" : "hint"}
          aria-live={named && "polite"}
        >
          <span key={hint}>{hint}</span>
        </p>
      )}
    </div>
  );
}

/** What was pasted may have control characters, which no name has. */
function lineOf(value: string): string {
  return withoutControls(value).replaceAll(/[\n\t]/g, " ");
}
