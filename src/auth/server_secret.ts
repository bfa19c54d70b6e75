/** The file that holds the server's secret. @module */

/** Name of the file in the data folder. */
export const SECRET_FILE = "secret.key";
const SECRET_BYTES = 32;

/**
 * The 32 bytes in `<folder>/secret.key`, made (readable by their owner only)
 * when there are none yet. Rejects with an Error that says what to do when the
 * file is damaged, and with Deno.errors when it cannot be read or written.
 */
export async function loadServerSecret(folder: string): Promise<Uint8Array> {
  const path = `${folder}/${SECRET_FILE}`;
  try {
    return checked(await Deno.readFile(path), path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const secret = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  try {
    await create(path, secret);
    return secret;
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    return checked(await Deno.readFile(path), path);
  }
}

async function create(path: string, secret: Uint8Array): Promise<void> {
  // A file of its own first: a crash must not leave half a secret under the real name.
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    {
      using file = await Deno.open(draft, { write: true, createNew: true, mode: 0o600 });
      await file.write(secret);
      await file.sync();
    }
    await Deno.link(draft, path).catch(async (error) => {
      if (error instanceof Deno.errors.AlreadyExists) throw error;
      // Some file systems know no hard links.
      await Deno.rename(draft, path);
    });
  } finally {
    await Deno.remove(draft).catch(() => {});
  }
}

function checked(secret: Uint8Array, path: string): Uint8Array {
  if (secret.length === SECRET_BYTES) return secret;
  throw new Error(
    `${path} has ${secret.length} bytes instead of ${SECRET_BYTES}: bring it back from a backup, ` +
      "or remove it to get a new one (invite links made before will stop working)",
  );
}
