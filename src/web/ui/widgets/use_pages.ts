/** Lists that come page by page. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { attemptRead } from "../../state/shell/notices.ts";
import { useChat } from "../shell/context.ts";

interface Page<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

/**
 * Asks for the first page whenever a dependency is another one or the
 * connection comes back, and for the next on demand. `loading` also while there
 * is no connection.
 */
export function usePages<T>(
  load: (last: T | undefined) => Promise<Page<T>>,
  dependencies: readonly unknown[],
) {
  const chat = useChat();
  const { connected } = chat;
  const items = useSignal<readonly T[]>([]);
  const more = useSignal(false);
  const loading = useSignal(true);
  const fetch = async (last: T | undefined, wanted: () => boolean) => {
    loading.value = true;
    const page = load(last);
    if (await attemptRead(page) && wanted()) {
      const { items: fresh, more: rest } = await page;
      items.value = last ? [...items.value, ...fresh] : fresh;
      more.value = rest;
    }
    if (wanted()) loading.value = false;
  };
  useEffect(() => {
    if (!connected) {
      loading.value = true;
      return;
    }
    let current = true;
    void fetch(undefined, () => current);
    return () => current = false;
  }, [connected, ...dependencies]);
  return { items, more, loading, next: () => void fetch(items.value.at(-1), () => true) };
}
