/** What happens when a form is sent. @module */
import { useSignal } from "@preact/signals";
import { refusal } from "../../i18n/refusal.ts";

/** A form's life: at work, and why it failed. */
export function useSubmit(work: () => Promise<unknown>) {
  const busy = useSignal(false);
  const failure = useSignal("");
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    failure.value = "";
    try {
      await work();
    } catch (error) {
      failure.value = refusal(error);
    } finally {
      busy.value = false;
    }
  };
  return { busy, failure, submit };
}
