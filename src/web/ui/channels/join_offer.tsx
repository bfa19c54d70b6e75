/** A public channel that the user is not in, and the way into it. @module */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Channel } from "../../../client/mod.ts";
import { t } from "../../i18n/i18n.ts";
import { attempt } from "../../state/shell/notices.ts";
import { useChat } from "../shell/context.ts";

/** The channel with this number if everybody may join it; undefined when not, or while `asking`. */
export function usePublicChannel(channelId: number): { channel: Channel | undefined; asking: boolean } {
  const chat = useChat();
  const { connected } = chat;
  const asking = useSignal(true);
  useEffect(() => {
    if (!connected || channelId === 0) return;
    let wanted = true;
    asking.value = true;
    chat.directory.refresh().catch(() => {}).finally(() => wanted && (asking.value = false));
    return () => wanted = false;
  }, [channelId, connected]);
  const channel = chat.directory.channels.value.find(({ id }) => id === channelId);
  return { channel, asking: asking.value && connected };
}

export function JoinOffer({ channel }: { channel: Channel }) {
  const chat = useChat();
  return (
    <div class="join-offer">
      <h2>
        #<bdi>{channel.name}</bdi>
      </h2>
      {channel.topic && (
        <p>
          <bdi>{channel.topic}</bdi>
        </p>
      )}
      <p class="muted">{t("joinOffer")}</p>
      <button
        type="button"
        class="primary"
        onClick={() => void attempt(chat.client.joinChannel(channel.id))}
      >
        {t("joinChannel")}
      </button>
    </div>
  );
}
