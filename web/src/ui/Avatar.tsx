import { Avatar as MantineAvatar } from "@mantine/core";

/** First letters of a western name, the last two characters of a Chinese one. */
export function initialsOf(name: string): string {
  const trimmed = name.trim();
  if (/\p{Script=Han}/u.test(trimmed)) return [...trimmed].slice(-2).join("");
  const words = trimmed.split(/\s+/);
  return ((words[0]?.[0] ?? "") + (words.length > 1 ? (words.at(-1)?.[0] ?? "") : "")).toUpperCase();
}

// Those whose darkest shade can be read on the lightest: orange and its neighbours cannot.
const COLOURS = ["brand", "blue", "grape", "violet", "cyan", "indigo", "pink"];

function colourOf(name: string): string {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.codePointAt(0)!) >>> 0;
  return COLOURS[sum % COLOURS.length]!;
}

/** A person's initials on a colour that stays the same everywhere. The name beside it is the text for screen readers. */
export function Avatar({ name, size = 22 }: { name: string; size?: number }) {
  const colour = colourOf(name);
  return (
    <MantineAvatar size={size} radius={999} color={colour} variant="light" aria-hidden styles={{ placeholder: { fontSize: size * 0.4, fontWeight: 600, color: `light-dark(color-mix(in srgb, var(--mantine-color-${colour}-9) 72%, black), var(--mantine-color-${colour}-2))` } }}>
      {size < 24 ? [...initialsOf(name)].slice(/\p{Script=Han}/u.test(name) ? -1 : 0).join("") : initialsOf(name)}
    </MantineAvatar>
  );
}
