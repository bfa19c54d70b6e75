/** Whether an executable is our program: its version, and a chat over it. @module */
import { register, RookeryClient } from "../../src/client/mod.ts";
import { run } from "../process.ts";

const START_MS = 20_000;
const TEXT = "Is anybody there?";

/** Tells what worked; throws when the executable is not our program or does not work. */
export async function tryExecutable(executable: string, version: string): Promise<string> {
  const { output } = await run(executable, ["--version"]);
  if (output.trim() !== `rookery ${version}`) {
    throw new Error(`The executable's --version says: ${output.trim()}\nIt should say: rookery ${version}`);
  }
  const example = await run(executable, ["example", "nginx"]);
  if (!example.output.includes("proxy_pass")) {
    throw new Error(`The executable cannot print a file of deploy/:\n${example.output}`);
  }
  const folder = await Deno.makeTempDir();
  try {
    await chatOver(executable, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  return `It is rookery ${version}, and two clients have talked over it. ` +
    "Start it with: dist/rookery --data ./data";
}

async function chatOver(executable: string, folder: string): Promise<void> {
  const child = new Deno.Command(executable, {
    args: ["--port", "0", "--data", folder],
    // Nothing outside its own folders may be needed, the working folder least of all.
    cwd: folder,
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const deadline = setTimeout(() => child.kill("SIGKILL"), START_MS);
  try {
    await talk(new URL(await ownerLink(child.stdout)));
  } catch (error) {
    child.kill("SIGKILL");
    await child.status;
    throw error;
  } finally {
    clearTimeout(deadline);
  }
  child.kill("SIGTERM");
  const { code } = await child.status;
  if (code !== 0) throw new Error(`The executable ended with exit code ${code}`);
}

async function ownerLink(stdout: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const part of stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    const link = /^ {2}(http:\S+#invite=\S+)$/m.exec(text);
    if (link) return link[1]!;
  }
  throw new Error(`The executable printed no owner's link:\n${text}`);
}

async function talk(link: URL): Promise<void> {
  const inviteCode = link.hash.slice("#invite=".length);
  const account = { name: "owner", password: "a password for once", inviteCode };
  const { token } = await register(link.origin, account);
  await using speaker = new RookeryClient(link.origin, { token });
  await using listener = new RookeryClient(link.origin, { token, format: "json" });
  await Promise.all([speaker.live(), listener.live()]);
  const [channelId] = speaker.replica.channels.keys();
  const heard = new Promise<string>((resolve) =>
    listener.on("message", ({ message }) => resolve(message.text))
  );
  await speaker.sendMessage(channelId!, TEXT);
  if (await heard !== TEXT) throw new Error("What was said is not what was heard");
}
