/** A certificate of one's own, for this machine's loopback addresses, and clients that trust it. @module */
import { equal } from "node:assert/strict";

export interface Certificate {
  readonly certPath: string;
  readonly keyPath: string;
  /** The certificate itself, for those who shall trust it. */
  readonly pem: string;
}

/** Makes one in a folder, valid for this many days. */
export async function makeCertificate(folder: string, days = 30): Promise<Certificate> {
  const [certPath, keyPath] = [`${folder}/cert.pem`, `${folder}/key.pem`];
  const { success, stderr } = await new Deno.Command("openssl", {
    args: [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-days", String(days), "-subj", "/CN=localhost", "-keyout", keyPath, "-out", certPath],
      ...["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"],
      // What is an authority at the same time is not taken for a server's.
      ...["-addext", "basicConstraints=critical,CA:FALSE"],
    ],
    stdout: "null",
    stderr: "piped",
  }).output();
  equal(success, true, new TextDecoder().decode(stderr));
  return { certPath, keyPath, pem: await Deno.readTextFile(certPath) };
}
