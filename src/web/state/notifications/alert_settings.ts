/** Whether this browser shows notifications on the desktop, and what it lets the page do. @module */
import { signal } from "@preact/signals";
import { onStored, store, stored } from "../shell/storage.ts";

export interface AlertSettings {
  readonly on: boolean;
  /** Show what was written, not only by whom. */
  readonly text: boolean;
}

const SETTINGS = "alerts";
const DEFAULTS: AlertSettings = { on: false, text: true };

export const alertSettings = signal<AlertSettings>(DEFAULTS);
/** What the browser says to notifications of this page. */
export const alertPermission = signal<NotificationPermission | "insecure" | "unsupported">("unsupported");

readSettings();
onStored(new AbortController().signal, (name) => {
  if (name === SETTINGS) readSettings();
});
watchPermission().catch(() => {});

export function setAlerts(settings: Partial<AlertSettings>): void {
  alertSettings.value = { ...alertSettings.peek(), ...settings };
  store(SETTINGS, alertSettings.peek());
}

/** Asks the browser, which asks the user; only for a click. False when they are not allowed. */
export async function allowAlerts(): Promise<boolean> {
  alertPermission.value = await Notification.requestPermission();
  const allowed = alertPermission.peek() === "granted";
  if (allowed) setAlerts({ on: true });
  return allowed;
}

function readSettings(): void {
  alertSettings.value = { ...DEFAULTS, ...stored<Partial<AlertSettings>>(SETTINGS) };
}

async function watchPermission(): Promise<void> {
  if (!isSecureContext) alertPermission.value = "insecure";
  else if ("Notification" in globalThis && "locks" in navigator) {
    alertPermission.value = Notification.permission;
    const status = await navigator.permissions.query({ name: "notifications" });
    status.onchange = () => alertPermission.value = Notification.permission;
  }
}
