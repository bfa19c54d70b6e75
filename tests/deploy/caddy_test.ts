/** Debian's Caddy with deploy/Caddyfile in front of a real server. */
import { proxyTests } from "./scenarios.ts";

proxyTests("caddy");
