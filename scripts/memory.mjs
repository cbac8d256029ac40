// What a process holds.
import { readFile } from "node:fs/promises";

/** Megabytes that a process holds now, or (`VmHWM`) has held at most. @param {number} pid @param {"VmRSS" | "VmHWM"} [which] */
export async function megabytes(pid, which = "VmRSS") {
  const kilobytes = new RegExp(`${which}:\\s+(\\d+)`).exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) / 1024;
}
