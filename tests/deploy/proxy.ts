/**
 * nginx and Caddy, Debian's own, with the files in deploy/ as they are
 * shipped: nothing in them is changed but names, ports and paths.
 *
 * @module
 */
import { EXAMPLES, exampleText } from "../../src/cli/example/files.ts";
import { fillIn, type Values } from "../../src/cli/example/fill.ts";
import { programPath } from "./programs.ts";
import { type Certificate, makeCertificate } from "./certificate.ts";

const START_MS = 30_000;

export type ProxyName = "nginx" | "caddy";

export interface ProxyOptions {
  /** Port of the server behind it. */
  readonly port: number;
  readonly path?: string;
  readonly certificateDays?: number;
  /** What breaks the shipped file, for those who have to notice. */
  readonly change?: (text: string) => string;
}

/** A running proxy in a folder of its own. Disposing stops it and removes the folder. */
export class Proxy implements AsyncDisposable {
  readonly name: ProxyName;
  readonly folder: string;
  readonly certificate: Certificate;
  /** Ports of TLS, of plain HTTP, and of Caddy's own administration. */
  readonly ports: { readonly tls: number; readonly plain: number; readonly admin: number };
  readonly #site: string;
  #child: Deno.ChildProcess | undefined;

  private constructor(
    name: ProxyName,
    parts: { folder: string; certificate: Certificate; ports: Proxy["ports"]; site: string },
  ) {
    this.name = name;
    this.folder = parts.folder;
    this.certificate = parts.certificate;
    this.ports = parts.ports;
    this.#site = parts.site;
  }

  static async start(
    name: ProxyName,
    { port, path, certificateDays, change = (text) => text }: ProxyOptions,
  ): Promise<Proxy> {
    const folder = await Deno.makeTempDir({ prefix: "rookery_proxy_" });
    const certificate = await makeCertificate(folder, certificateDays);
    const [tls, plain, admin] = freePorts(3) as [number, number, number];
    const shipped = await exampleText(EXAMPLES.find((file) => file.name === name)!);
    const values: Values = { port: String(port), path };
    const filled = change(fillIn(shipped, values));
    const proxy = new Proxy(name, { folder, certificate, ports: { tls, plain, admin }, site: filled });
    await proxy.#writeFiles();
    await proxy.run();
    return proxy;
  }

  /** Address of the chat, without a slash at the end. */
  url(path = ""): string {
    return `https://127.0.0.1:${this.ports.tls}${path}`;
  }

  /** Starts it, again or for the first time, and waits until it listens. */
  async run(): Promise<void> {
    const [program, ...args] = this.#command();
    const log = `${this.folder}/output`;
    this.#child = new Deno.Command("/bin/sh", {
      args: ["-c", `exec "$0" "$@" >>${log} 2>&1`, programPath(program!)!, ...args],
      env: { HOME: this.folder, XDG_DATA_HOME: this.folder, XDG_CONFIG_HOME: this.folder },
    }).spawn();
    let ended = false;
    this.#child.status.then(() => ended = true);
    const deadlineMs = performance.now() + START_MS;
    while (!await listens(this.ports.tls)) {
      if (ended || performance.now() > deadlineMs) {
        throw new Error(`${this.name} did not start:\n${await Deno.readTextFile(log)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Reads its files again, as an operator does it. */
  async reload(): Promise<void> {
    if (this.name === "nginx") return this.#child!.kill("SIGHUP");
    const { success, stderr } = await new Deno.Command(programPath("caddy")!, {
      args: [
        "reload",
        "--force",
        "--config",
        `${this.folder}/Caddyfile`,
        "--address",
        `127.0.0.1:${this.ports.admin}`,
      ],
      env: { HOME: this.folder, XDG_DATA_HOME: this.folder, XDG_CONFIG_HOME: this.folder },
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  }

  /** Stops it at once; all connections end. */
  async stop(): Promise<void> {
    if (!this.#child) return;
    this.#child.kill("SIGTERM");
    await this.#child.status;
    this.#child = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.folder, { recursive: true });
  }

  #command(): string[] {
    return this.name === "nginx"
      ? ["nginx", "-e", `${this.folder}/error.log`, "-c", `${this.folder}/nginx.conf`]
      : ["caddy", "run", "--config", `${this.folder}/Caddyfile`];
  }

  async #writeFiles(): Promise<void> {
    const { folder } = this;
    if (this.name === "nginx") {
      await Deno.writeTextFile(`${folder}/nginx.conf`, nginxMain(folder));
      await Deno.writeTextFile(`${folder}/site.conf`, this.#nginxSite());
    } else await Deno.writeTextFile(`${folder}/Caddyfile`, this.#caddyfile());
  }

  #nginxSite(): string {
    const { ports: { tls, plain }, certificate: { certPath, keyPath } } = this;
    const six = hasIpv6() ? (port: number) => `listen [::1]:${port}` : () => "# No IPv6 here: listen";
    return this.#site
      .replace("listen 80;", `listen 127.0.0.1:${plain};`)
      .replace("listen [::]:80", six(plain))
      .replace("listen 443 ssl", `listen 127.0.0.1:${tls} ssl`)
      .replace("listen [::]:443 ssl", `${six(tls)} ssl`)
      .replace(/ssl_certificate \S+;/, `ssl_certificate ${certPath};`)
      .replace(/ssl_certificate_key \S+;/, `ssl_certificate_key ${keyPath};`);
  }

  #caddyfile(): string {
    const { ports: { tls, plain, admin }, certificate: { certPath, keyPath } } = this;
    const hosts = hasIpv6() ? ["127.0.0.1", "[::1]"] : ["127.0.0.1"];
    const addresses = hosts.map((host) => `https://${host}:${tls}`).join(", ");
    // Options for this test's own ports; those that are shipped stay.
    return this.#site
      .replace(
        /^\{\n/m,
        `{\n\tadmin 127.0.0.1:${admin}\n\thttp_port ${plain}\n\tauto_https disable_redirects\n` +
          `\tdefault_bind 127.0.0.1 ${hasIpv6() ? "::1" : ""}\n`,
      )
      .replace("{$ROOKERY_DOMAIN:chat.example.org} {", `${addresses} {\n\ttls ${certPath} ${keyPath}`);
  }
}

/** What Debian's nginx.conf has around the site, as far as it is needed. */
function nginxMain(folder: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `  ${name}_temp_path ${folder}/${name};\n`);
  return `${Deno.uid() === 0 ? "user root;\n" : ""}daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log warn;
worker_processes 1;
worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http {
  access_log off;
${temporary.join("")}  include ${folder}/site.conf;
}
`;
}

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

/** Below those that the system gives out, so that nobody is given one before the proxy has it. */
function freePorts(count: number): number[] {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      ports.add(port);
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
    }
  }
  return [...ports];
}

let ipv6: boolean | undefined;

/** Whether this machine has ::1. */
export function hasIpv6(): boolean {
  if (ipv6 === undefined) {
    try {
      Deno.listen({ hostname: "::1", port: 0 }).close();
      ipv6 = true;
    } catch {
      ipv6 = false;
    }
  }
  return ipv6;
}
