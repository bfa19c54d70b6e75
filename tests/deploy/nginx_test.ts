/** Debian's nginx with deploy/nginx.conf in front of a real server. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { until } from "../server/rig.ts";
import { frameOf } from "../server/wire_socket.ts";
import { programTest } from "./programs.ts";
import { FragmentingSocket } from "./raw_tls.ts";
import { Place, proxyTests } from "./scenarios.ts";

proxyTests("nginx");

programTest("nginx: plain HTTP leads to the encrypted address", ["nginx", "openssl"], async () => {
  await using place = await Place.open("nginx");
  const { plain } = place.proxy.ports;
  const response = await fetch(`http://127.0.0.1:${plain}/somewhere?x=1`, { redirect: "manual" });
  await response.body?.cancel();
  equal(response.status, 301);
  equal(response.headers.get("location"), `https://127.0.0.1:${plain}/somewhere?x=1`);
});

programTest("nginx: a peer that does not read is cut off, which Rookery cannot do itself", [
  "nginx",
  "openssl",
], async () => {
  // Rookery gives up on nobody by itself here, so that it can only be nginx.
  await using place = await Place.open("nginx", { limits: { idleMs: 600_000 } });
  const { rig, owner, proxy, general } = place;
  const { token } = await rig.person("ben");
  await using speaker = await rig.live(owner);
  using deaf = await FragmentingSocket.open(proxy, token);
  await deaf.sendMessage(frameOf({ id: 1, body: { case: "open", value: {} } }));
  const { chat } = rig.app.core;
  await until("both are there", () => chat.stats().connections === 2);
  const text = "x".repeat(16_000);
  let said = 0;
  while (chat.stats().behind === 0) {
    ok(said++ < 5000, "At some time nobody takes more");
    await speaker.sendMessage(general, text);
  }
  await until("it is cut off", () => chat.stats().connections === 1, 120_000);
  await speaker.sendMessage(general, "afterwards");
  deepEqual(rig.errors(), []);
});
