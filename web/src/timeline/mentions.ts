/** Somebody mentioned in a comment. */
export type Mention = { name: string; kind: string; id: string };

const MARKUP = /@\[([^\]]+)\]\((\w+):([\w-]+)\)/g;
/** What may not stand before an @ that begins a mention: an address such as a@b is none. Chinese puts no space before it. */
const ADDRESS = /[A-Za-z0-9._%+@-]$/;
const LONGEST_QUERY = 40;

/** A comment in parts: plain text, and mentions. */
export function partsOf(markup: string): (string | Mention)[] {
  const parts: (string | Mention)[] = [];
  let at = 0;
  for (const found of markup.matchAll(MARKUP)) {
    if (found.index > at) parts.push(markup.slice(at, found.index));
    parts.push({ name: found[1]!, kind: found[2]!, id: found[3]! });
    at = found.index + found[0].length;
  }
  if (at < markup.length) parts.push(markup.slice(at));
  return parts;
}

/** A comment as it is typed: names as `@Name`, with who is meant beside it. */
export function typedOf(markup: string): { text: string; mentions: Mention[] } {
  const parts = partsOf(markup);
  return {
    text: parts.map((part) => (typeof part === "string" ? part : `@${part.name}`)).join(""),
    mentions: parts.filter((part) => typeof part !== "string"),
  };
}

/** What is sent: every `@Name` of somebody chosen becomes a mention. Two of one name are meant in the order in which they were chosen. */
export function markupOf(text: string, mentions: Mention[]): string {
  const byName = new Map<string, Mention[]>();
  for (const mention of mentions) byName.set(mention.name, [...(byName.get(mention.name) ?? []), mention]);
  const names = [...byName.keys()].sort((a, b) => b.length - a.length);
  let result = "";
  for (let at = 0; at < text.length; ) {
    const name = text[at] === "@" ? names.find((one) => text.startsWith(one, at + 1)) : undefined;
    const meant = name === undefined ? undefined : byName.get(name)!;
    if (name === undefined || meant === undefined) {
      result += text[at];
      at += 1;
      continue;
    }
    const mention = meant.length > 1 ? meant.shift()! : meant[0]!;
    result += `@[${name.replaceAll(/[[\]]/g, "")}](${mention.kind}:${mention.id})`;
    at += name.length + 1;
  }
  return result;
}

/** The words after the @ in which the caret stands, and where that @ is; `undefined` where nobody is being mentioned. */
export function mentionAt(text: string, caret: number): { from: number; q: string } | undefined {
  const from = text.lastIndexOf("@", caret - 1);
  if (from < 0 || caret - from > LONGEST_QUERY || ADDRESS.test(text.slice(0, from))) return undefined;
  const q = text.slice(from + 1, caret);
  // A name has few words; whoever has typed on means something else.
  if (/\n|^\s/.test(q) || q.split(/\s+/).length > 3) return undefined;
  return { from, q };
}
