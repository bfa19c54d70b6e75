/** A labelled line of input. @module */
import { useEffect, useId, useRef } from "preact/hooks";

export interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  /** What is allowed, or why the value is not. */
  readonly hint?: string | undefined;
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
  const { label, hint, invalid = false, value, onValue, type = "text", autocomplete = "off" } = props;
  const { placeholder = "", required = false, verbatim = false, focused = false } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const kind = type === "password" ? { type } : { type };
  useEffect(() => {
    if (focused) input.current?.focus();
  }, []);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...kind}
        ref={input}
        id={id}
        value={value}
        placeholder={placeholder}
        required={required}
        autocomplete={autocomplete}
        autocapitalize={verbatim ? "none" : "sentences"}
        spellcheck={!verbatim && type === "text"}
        aria-invalid={invalid}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint && <p id={`${id}-hint`} class={invalid ? "hint bad" : "hint"}>{hint}</p>}
    </div>
  );
}
