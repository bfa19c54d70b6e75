/** Certificate and key are looked at before a server is started with them. */
import { deepEqual, equal, match, ok, throws } from "node:assert/strict";
import { ConfigError } from "../../src/config.ts";
import { ageWarning, readTls } from "../../src/config/tls.ts";
import { ONE, TWO } from "../tls/pairs.ts";

const DAY_MS = 24 * 3600 * 1000;

/** Why the pair of files is refused. */
function refusal(files: Record<string, string>): string {
  let line = "";
  throws(() => read(files), (error) => {
    ok(error instanceof ConfigError, String(error));
    equal(error.problems.length, 1);
    line = error.message;
    return true;
  });
  ok(!line.includes("\n"), "one line");
  return line;
}

function read(files: Record<string, string>): ReturnType<typeof readTls> {
  return readTls({ tlsCert: "c", tlsKey: "k" }, (path) => {
    if (files[path] === undefined) throw new Error("No such file");
    return files[path];
  });
}

Deno.test("a pair that belongs together is taken, with whom it is for and how long", () => {
  const tls = read({ c: ONE.cert, k: ONE.key })!;
  deepEqual(tls.names, ["localhost", "chat.test", "127.0.0.1"]);
  ok(tls.notAfterMs > Date.now() + 365 * DAY_MS);
  deepEqual([tls.cert, tls.key], [ONE.cert, ONE.key]);
  equal(readTls({ tlsCert: undefined, tlsKey: undefined }, () => ""), undefined);
});

Deno.test("certificates in between may follow the server's own, but not come before it", () => {
  ok(read({ c: `${ONE.cert}${TWO.cert}`, k: ONE.key }));
  match(
    refusal({ c: `${TWO.cert}${ONE.cert}`, k: ONE.key }),
    /k is not the key of the first certificate in c/,
  );
});

Deno.test("a pair that cannot work is refused in plain words", () => {
  const { cert: c, key: k } = ONE;
  const broken = (pem: string) => pem.replace(/\n[\w+/]{64}\n/, "\nAAAA\n");
  match(refusal({ k }), /^Cannot read the certificate c: No such file$/);
  match(refusal({ c }), /^Cannot read the private key k: No such file$/);
  match(
    refusal({ c, k: TWO.key }),
    /^k is not the key of the first certificate in c, which is for localhost/,
  );
  match(refusal({ c: k, k }), /^c holds no certificate in PEM/);
  match(refusal({ c, k: c }), /^k holds no private key in PEM/);
  match(refusal({ c: broken(c), k }), /^The certificate in c cannot be read: /);
  match(refusal({ c, k: broken(k) }), /^The private key in k cannot be read: /);
  match(refusal({ c, k: k.replaceAll("PRIVATE", "ENCRYPTED PRIVATE") }), /^The key in k has a passphrase/);
});

Deno.test("a certificate's end is told before it comes, and after", () => {
  const notAfterMs = Date.UTC(2030, 0, 31, 12);
  equal(ageWarning({ notAfterMs }, notAfterMs - 14 * DAY_MS), undefined);
  match(ageWarning({ notAfterMs }, notAfterMs - 13.5 * DAY_MS)!, /expires on 2030-01-31, in 13 days$/);
  match(ageWarning({ notAfterMs }, notAfterMs)!, /has expired on 2030-01-31/);
});
