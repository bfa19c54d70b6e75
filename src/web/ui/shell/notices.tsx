/** Short messages above everything else, and away from where one writes. @module */
import { t } from "../../i18n/i18n.ts";
import { dismiss, notices } from "../../state/shell/notices.ts";
import { Icon } from "../widgets/icons.tsx";

export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map(({ id, text, kind }) => (
        <div key={id} class={`notice ${kind}`}>
          <span>{text}</span>
          <button type="button" class="plain" aria-label={t("dismiss")} onClick={() => dismiss(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
