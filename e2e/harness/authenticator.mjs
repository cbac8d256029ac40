// A person's authenticator app: codes by time (RFC 6238), made here by Node's own means.
import { createHmac } from "node:crypto";

/**
 * @param {string} secret in base32
 * @param {number} [steps] as many steps of thirty seconds from now
 * @returns {string}
 */
export function codeOf(secret, steps = 0) {
  const bits = [...secret.replaceAll(/\s/g, "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const tag = createHmac("sha1", key).update(counter).digest();
  const offset = (tag.at(-1) ?? 0) & 15;
  return String((tag.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/**
 * The secret that is offered for an app.
 * @param {import("playwright-core").Locator} place
 * @returns {Promise<string>}
 */
export async function secretOnScreen(place) {
  return (await place.locator("code").innerText()).replaceAll(/\s/g, "");
}
