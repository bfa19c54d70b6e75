/** A link in a message. @module */
import type { Inline } from "../../../text/tree.ts";
import { goTo, routeWithin } from "../../state/shell/route.ts";
import { namesHost, openedUrl } from "../../text/opened_url.ts";

type Link = Extract<Inline, { kind: "link" }>;

/** Links to messages of this server open in place, all others in a new tab. */
export function MessageLink({ link: { address, words } }: { link: Link }) {
  const url = openedUrl(address);
  if (!url) return <>{words === undefined ? address : `[${words}](${address})`}</>;
  const within = routeWithin(url);
  const shown = words ?? address;
  const leaving = within ? {} : { target: "_blank", rel: "noopener noreferrer nofollow ugc" };
  return (
    <>
      <a
        href={url.href}
        title={url.href}
        {...leaving}
        onClick={(event) => {
          if (!within || event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          goTo(within.channelId, { messageSeq: within.messageSeq });
        }}
      >
        <bdi translate={words !== undefined}>{shown}</bdi>
      </a>
      {/* What it really leads to is said when the words say something else. */}
      {!namesHost(shown, url) && <span class="host" translate={false}>({url.host})</span>}
    </>
  );
}
