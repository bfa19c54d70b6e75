/** A password that an admin makes for somebody else, and hands over. @module */
import { BASE } from "../../base.ts";
import { t } from "../../i18n/i18n.ts";
import { copyText } from "../../state/shell/clipboard.ts";
import { passwordFault } from "../../text/form_rules.ts";
import { useChat } from "../shell/context.ts";
import { Field } from "../widgets/field.tsx";
import { LoopbackNote } from "../invites/loopback_note.tsx";

/** Crockford's 32 (https://www.crockford.com/base32.html): none is taken for another when it is read out. */
const LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";
const COUNT = 16;

/** 80 random bits. */
export function newPassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(COUNT));
  const letters = Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
  return letters.match(/.{4}/g)!.join("-");
}

/** The field for it: filled in already, and readable, because it has to be told. */
export function PasswordField({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const limits = useChat().client.replica.limits;
  const [min, max] = [limits?.passwordBytesMin ?? 8, limits?.passwordBytesMax ?? 72];
  return (
    <Field
      label={t("password")}
      hint={t("passwordHint", { min })}
      fault={passwordFault(value, [min, max])}
      value={value}
      onValue={onValue}
      verbatim
      required
    />
  );
}

/** What there is to be told to whom, once. */
export function GivenPassword({ name, password, onDone }: {
  name: string;
  password: string;
  onDone: () => void;
}) {
  const text = t("givenText", { name, password, address: BASE });
  return (
    <>
      <p>{t("givenLead", { name })}</p>
      <pre class="given">{text}</pre>
      <LoopbackNote />
      <div class="dialog-actions">
        <button type="button" onClick={() => void copyText(text)}>{t("copy")}</button>
        <button type="button" class="primary" autofocus onClick={onDone}>{t("done")}</button>
      </div>
    </>
  );
}
