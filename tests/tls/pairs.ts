/**
 * Two self-signed certificates with their keys, made for these tests alone and
 * good for a hundred years, for localhost, chat.test and 127.0.0.1:
 *
 *     openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 \
 *       -subj "/CN=Rookery test one" \
 *       -addext "subjectAltName=DNS:localhost,DNS:chat.test,IP:127.0.0.1" \
 *       -addext "basicConstraints=critical,CA:FALSE" -addext "extendedKeyUsage=serverAuth" \
 *       -keyout one.key -out one.crt
 *
 * @module
 */
import type { KeyPair } from "../../src/server/listener.ts";

export interface TestPair extends KeyPair {
  readonly certPath: string;
  readonly keyPath: string;
}

export const ONE = pair("one");
export const TWO = pair("two");

function pair(name: string): TestPair {
  const [certPath, keyPath] = [pathOf(`${name}.crt`), pathOf(`${name}.key`)];
  return { certPath, keyPath, cert: Deno.readTextFileSync(certPath), key: Deno.readTextFileSync(keyPath) };
}

function pathOf(name: string): string {
  return new URL(name, import.meta.url).pathname;
}
