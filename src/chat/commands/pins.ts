/** Messages that are pinned to their channel. @module */
import { denied, unmet } from "../error.ts";
import { ChannelKind, ChannelRole, type Pin } from "../model.ts";
import { DONE } from "../reply.ts";
import { beforeStore, type Place, requireMember, requireOpen, requirePlace } from "./authorisation.ts";
import { type Context, read, wantedRows, write } from "./definition.ts";
import { requireMessage, weighMessage, workOfMessage } from "./messages.ts";

/** The channel as a place where the caller may pin and unpin. */
function requirePinner(context: Context, channelId: number): Place {
  const place = requireOpen(requirePlace(context, channelId));
  if (place.channel.kind !== ChannelKind.DIRECT && place.role < ChannelRole.MODERATOR) {
    denied("Only moderators and owners of the channel may pin messages");
  }
  return place;
}

export const pinMessage = write<"pinMessage">({
  first: "messagePinned",
  foreseen: workOfMessage,
  decide({ channelId, messageSeq }, context) {
    const { channel } = requirePinner(context, channelId);
    requireMessage(context, channel, messageSeq);
    if (context.facts.pinned(channelId, messageSeq)) return { events: [], unchanged: DONE };
    const { pinsPerChannel } = context.limits;
    if (context.facts.pinCount(channelId) >= pinsPerChannel) {
      // Not resource_exhausted, which clients take for "later": it would be sent again for ever.
      unmet(`At most ${pinsPerChannel} messages can be pinned to a channel: unpin another one first`);
    }
    return { events: [{ stream: channelId, body: { case: "messagePinned", value: { messageSeq } } }] };
  },
});

export const unpinMessage = write<"unpinMessage">({
  first: "messageUnpinned",
  foreseen: workOfMessage,
  decide({ channelId, messageSeq }, context) {
    requirePinner(context, channelId);
    if (!context.facts.pinned(channelId, messageSeq)) return { events: [], unchanged: DONE };
    return { events: [{ stream: channelId, body: { case: "messageUnpinned", value: { messageSeq } } }] };
  },
});

export const listPins = read<"listPins">({
  run({ channelId, before, limit }, context) {
    requireMember(context, channelId);
    requireMember(beforeStore(context), channelId);
    const wanted = wantedRows(limit, context.limits);
    const pins: Pin[] = [];
    let bytes = 0;
    for (const pin of context.reader.pins(channelId, { before, limit: wanted + 1 })) {
      bytes += weighMessage(pin.message);
      const full = pins.length === wanted || (pins.length > 0 && bytes > context.limits.pageBytes);
      if (full) return { case: "pinPage", value: { pins, more: true } };
      pins.push(pin);
    }
    return { case: "pinPage", value: { pins, more: false } };
  },
});
