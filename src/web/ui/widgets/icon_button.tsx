/** A button that is a drawing. @module */
import { Icon, type IconName } from "./icons.tsx";

export function IconButton({ icon, label, onClick, pressed }: {
  icon: IconName;
  label: string;
  onClick: (event: MouseEvent & { currentTarget: HTMLButtonElement }) => void;
  pressed?: boolean;
}) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
