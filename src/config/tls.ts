/** A certificate and its private key, checked before anybody is shown them. @module */
import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import type { Log } from "../chat/ports.ts";
import { ConfigError, reasonOf } from "./config_error.ts";
import type { Settings } from "./options.ts";

/** What HTTPS needs. */
export interface Tls {
  /** PEM: the server's own certificate first. */
  readonly cert: string;
  /** PEM. */
  readonly key: string;
  /** Names and addresses that the certificate is for. */
  readonly names: readonly string[];
  /** Milliseconds since 1970 UTC. */
  readonly notAfterMs: number;
}

const DAY_MS = 24 * 3600 * 1000;
/** Those who renew by themselves do it 30 days before. */
const WARN_DAYS = 14;

/**
 * Reads the files that the settings name; undefined when they name none.
 * Throws ConfigError when a file cannot be read, is no PEM, or when the key is
 * not that of the first certificate.
 */
export function readTls(
  { tlsCert, tlsKey }: Pick<Settings, "tlsCert" | "tlsKey">,
  readFile: (path: string) => string,
): Tls | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const cert = readPart(tlsCert, { what: "certificate", readFile });
  const key = readPart(tlsKey, { what: "private key", readFile });
  const parsed = certificateIn(cert, tlsCert);
  const own = keyIn(key, tlsKey);
  if (!parsed.checkPrivateKey(own)) {
    throw new ConfigError(
      `${tlsKey} is not the key of the first certificate in ${tlsCert}, ` +
        `which is for ${namesOf(parsed).join(", ") || "nobody"}`,
    );
  }
  return { cert, key, names: namesOf(parsed), notAfterMs: Date.parse(parsed.validTo) };
}

/** What the operator should know of the certificate's age; undefined when there is nothing to say. */
export function ageWarning({ notAfterMs }: Pick<Tls, "notAfterMs">, nowMs: number): string | undefined {
  const date = new Date(notAfterMs).toISOString().slice(0, 10);
  if (notAfterMs <= nowMs) return `The certificate has expired on ${date}: clients refuse it`;
  const days = Math.floor((notAfterMs - nowMs) / DAY_MS);
  return days < WARN_DAYS ? `The certificate expires on ${date}, in ${days} days` : undefined;
}

/** Tells the operator what there is to know of the certificate's age. */
export function reportAge(tls: Pick<Tls, "notAfterMs">, log: Log): void {
  const reason = ageWarning(tls, Date.now());
  if (reason) log.report("certificate_ends", { reason, valid_until: new Date(tls.notAfterMs) });
}

function readPart(
  path: string,
  { what, readFile }: { what: string; readFile: (path: string) => string },
): string {
  try {
    return readFile(path);
  } catch (error) {
    throw new ConfigError(`Cannot read the ${what} ${path}: ${reasonOf(error)}`);
  }
}

function certificateIn(pem: string, path: string): X509Certificate {
  if (!pem.includes("-----BEGIN CERTIFICATE-----")) {
    throw new ConfigError(`${path} holds no certificate in PEM ("-----BEGIN CERTIFICATE-----")`);
  }
  try {
    return new X509Certificate(pem);
  } catch (error) {
    throw new ConfigError(`The certificate in ${path} cannot be read: ${reasonOf(error)}`);
  }
}

function keyIn(pem: string, path: string): KeyObject {
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(pem)) {
    throw new ConfigError(
      `The key in ${path} has a passphrase, which nobody could enter: store it without one`,
    );
  }
  if (!/-----BEGIN (?:\w+ )?PRIVATE KEY-----/.test(pem)) {
    throw new ConfigError(`${path} holds no private key in PEM ("-----BEGIN PRIVATE KEY-----")`);
  }
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new ConfigError(`The private key in ${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** `DNS:a.example, IP Address:127.0.0.1` as `a.example`, `127.0.0.1`. */
function namesOf(certificate: X509Certificate): string[] {
  const names = certificate.subjectAltName?.split(", ") ?? [];
  return names.map((name) => name.replace(/^[^:]*:/, ""));
}
