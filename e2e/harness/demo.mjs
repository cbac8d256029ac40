// The demo company is filled once and copied for every story: filling it anew takes seconds each time.
import { createHash } from "node:crypto";
import { access, cp, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const kept = fileURLToPath(new URL("../test-results/demo", import.meta.url));

/**
 * Copies a filled demo company into an empty directory. It is filled where there is none yet that this binary made today: its deals stand in the days around today.
 * @param {string} directory
 * @param {string} binary
 * @param {(directory: string) => Promise<void>} fill leaves a filled company in an empty directory, with nobody working on it any more
 */
export async function copyDemo(directory, binary, fill) {
  const { size, mtimeMs } = await stat(binary);
  const key = createHash("sha256").update(`${binary} ${size} ${mtimeMs} ${new Date().toDateString()}`).digest("hex").slice(0, 16);
  const filled = path.join(kept, key);
  if (!(await exists(filled))) {
    await mkdir(kept, { recursive: true });
    // What another binary made, or this one on another day.
    for (const name of await readdir(kept)) if (!name.startsWith(key)) await rm(path.join(kept, name), { recursive: true, force: true });
    const filling = `${filled}.${process.pid}`;
    await mkdir(filling);
    await fill(filling);
    // Another story may have been as quick.
    await rename(filling, filled).catch(() => rm(filling, { recursive: true, force: true }));
  }
  await cp(filled, directory, { recursive: true });
}

/** @param {string} place */
async function exists(place) {
  return access(place).then(
    () => true,
    () => false,
  );
}
