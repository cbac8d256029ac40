// As much of a message as the tests look at.

/**
 * Headers by their names in small letters, unfolded and decoded, and the first part as text.
 * @param {string} raw
 * @returns {{headers: Record<string, string>, text: string, html: string}}
 */
export function simpleParser(raw) {
  const [head, body] = divide(raw);
  const headers = headersOf(head);
  const boundary = /boundary="?([^";\s]+)/.exec(headers["content-type"] ?? "")?.[1];
  const parts = boundary ? body.split(`--${boundary}`).slice(1, -1).map((part) => divide(part.replace(/^\r?\n/, ""))) : [];
  const ofType = (/** @type {string} */ type) => {
    const part = parts.find(([head]) => (headersOf(head)["content-type"] ?? "").startsWith(type));
    return part ? decoded(part[1], headersOf(part[0])["content-transfer-encoding"] ?? "7bit") : "";
  };
  return { headers, text: ofType("text/plain"), html: ofType("text/html") };
}

/** @param {string} raw @returns {[string, string]} */
function divide(raw) {
  const at = raw.search(/\r?\n\r?\n/);
  return at < 0 ? [raw, ""] : [raw.slice(0, at), raw.slice(at).replace(/^\r?\n\r?\n/, "")];
}

/** @param {string} head */
function headersOf(head) {
  /** @type {Record<string, string>} */
  const headers = {};
  for (const line of head.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const [name, ...rest] = line.split(":");
    if (name && rest.length > 0) headers[name.toLowerCase()] = words(rest.join(":").trim());
  }
  return headers;
}

/**
 * RFC 2047: words of which each says its character set and encoding.
 * @param {string} text
 */
function words(text) {
  return text.replace(/\?=\s+=\?/g, "?==?").replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_all, how, word) =>
    how.toLowerCase() === "b" ? Buffer.from(word, "base64").toString("utf8") : quoted(word.replaceAll("_", " ")),
  );
}

/** @param {string} text */
function quoted(text) {
  const bytes = text.replace(/=\r?\n/g, "").replace(/=([0-9a-f]{2})/gi, (_all, hex) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** @param {string} body @param {string} how */
function decoded(body, how) {
  if (how === "base64") return Buffer.from(body, "base64").toString("utf8");
  return how === "quoted-printable" ? quoted(body) : body;
}
