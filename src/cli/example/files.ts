/** The files in deploy/, which the executable has inside. @module */

const FOLDER = new URL("../../../deploy/", import.meta.url);

export interface ExampleFile {
  /** What it is called on the command line. */
  readonly name: string;
  /** Its name in deploy/. */
  readonly file: string;
  readonly summary: string;
}

export const EXAMPLES: readonly ExampleFile[] = [
  { name: "systemd", file: "rookery.service", summary: "service of systemd, shut in" },
  { name: "backup-service", file: "rookery-backup.service", summary: "one backup, by systemd" },
  { name: "backup-timer", file: "rookery-backup.timer", summary: "a backup every night, by systemd" },
  { name: "nginx", file: "nginx.conf", summary: "nginx in front of the server" },
  { name: "caddy", file: "Caddyfile", summary: "Caddy in front of the server" },
  { name: "dockerfile", file: "Dockerfile", summary: "image of a container" },
  { name: "compose", file: "compose.yaml", summary: "containers of Rookery and Caddy" },
  { name: "prometheus", file: "prometheus.yml", summary: "scraping the metrics" },
  { name: "alerts", file: "alerts.yml", summary: "alert rules for Prometheus" },
  { name: "grafana", file: "grafana.json", summary: "dashboard for Grafana" },
];

/** Text of one of them, as it is shipped. */
export function exampleText({ file }: ExampleFile): Promise<string> {
  return Deno.readTextFile(new URL(file, FOLDER));
}
