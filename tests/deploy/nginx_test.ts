/** Debian's nginx with deploy/nginx.conf in front of a real server. */
import { equal } from "node:assert/strict";
import { programTest } from "./programs.ts";
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
