// What an archive needs beside Node's own compression.
export { deflateRawSync } from "node:zlib";

const table = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value >>> 0;
});

/** @param {Buffer} bytes */
export function crc32(bytes) {
  let value = 0xffffffff;
  for (let at = 0; at < bytes.length; at += 1) value = (/** @type {number} */ (table[(value ^ /** @type {number} */ (bytes[at])) & 0xff])) ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
