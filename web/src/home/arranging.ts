import type { GalleryEntry, HomeCard } from "~/api/home";

export const WIDEST = 12;
export const HIGHEST = 20;
const NARROWEST = 2;
const LOWEST = 1;

const within = (value: number, least: number, most: number) => Math.max(least, Math.min(most, Math.round(value)));

/** An id that no card of the page has. */
export function freeId(cards: HomeCard[], kind: string): string {
  let number = 1;
  while (cards.some((card) => card.id === `${kind}-${number}`)) number += 1;
  return `${kind}-${number}`;
}

/** The card that an entry of the gallery makes; it bears the entry's name where its kind alone does not say it. */
export function cardOf(cards: HomeCard[], entry: GalleryEntry, title?: string): HomeCard {
  return { id: freeId(cards, entry.kind), kind: entry.kind, ...(title ? { title } : {}), width: entry.width, height: entry.height, settings: entry.settings, there: true };
}

/** Puts a card in, before the place given; at the end where there is none. */
export function added(cards: HomeCard[], card: HomeCard, at = cards.length): HomeCard[] {
  return [...cards.slice(0, at), card, ...cards.slice(at)];
}

/** Puts a card at another place. */
export function moved(cards: HomeCard[], id: string, to: number): HomeCard[] {
  const from = cards.findIndex((card) => card.id === id);
  const card = cards[from];
  const place = Math.max(0, Math.min(cards.length - 1, to));
  if (!card || place === from) return cards;
  const rest = cards.filter((one) => one !== card);
  return [...rest.slice(0, place), card, ...rest.slice(place)];
}

export const removed = (cards: HomeCard[], id: string): HomeCard[] => cards.filter((card) => card.id !== id);

export const changed = (cards: HomeCard[], id: string, part: Partial<HomeCard>): HomeCard[] => cards.map((card) => (card.id === id ? { ...card, ...part } : card));

/** A card of another size, as far as sizes go. */
export function resized(cards: HomeCard[], id: string, size: { width: number; height: number }): HomeCard[] {
  const width = within(size.width, NARROWEST, WIDEST);
  const height = within(size.height, LOWEST, HIGHEST);
  const card = cards.find((one) => one.id === id);
  return !card || (card.width === width && card.height === height) ? cards : changed(cards, id, { width, height });
}

/** Whether two arrangements are the same, whatever order their settings were written in. */
export function sameCards(a: HomeCard[], b: HomeCard[]): boolean {
  const plain = (cards: HomeCard[]) => JSON.stringify(cards.map(({ id, kind, title, width, height, settings }) => [id, kind, title || null, width, height, settings]));
  return plain(a) === plain(b);
}
