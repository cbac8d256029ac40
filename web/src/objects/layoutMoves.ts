import type { Layout } from "~/api/definitions";
import type { FormSection, Label } from "~/api/types";
import { filledLabel, noLabel } from "./keys";

/** The place of fields that a layout does not show. */
export const ASIDE = "aside";

export type DraftSection = { id: string; label: Label; collapsed: boolean };
/** A layout in the making: its sections in their order, and which fields stand in each and aside. */
export type LayoutDraft = { roles: string[]; sections: DraftSection[]; places: Record<string, string[]> };

let made = 0;
const nextId = () => `section-${(made += 1)}`;

/** A stored layout to work on. Fields that are no longer there are left out, those it does not name stand aside; what is disabled or deleted (`gone`) keeps its place. */
export function draftOfLayout(layout: Layout, fields: string[], gone: string[] = []): LayoutDraft {
  const left = new Set([...fields, ...gone]);
  const places: Record<string, string[]> = {};
  const sections = layout.sections.map((section): DraftSection => {
    const id = nextId();
    places[id] = section.fields.filter((key) => left.delete(key));
    return { id, label: { ...noLabel, ...section.label }, collapsed: section.collapsed };
  });
  return { roles: layout.roles, sections, places: { ...places, [ASIDE]: fields.filter((key) => left.has(key)) } };
}

/** What is sent: sections without a word above them have no label. */
export function layoutOfDraft({ roles, sections, places }: LayoutDraft): Layout {
  return {
    roles,
    sections: sections.map((section): FormSection => {
      const label = filledLabel(section.label);
      return { ...(label.en ? { label } : {}), fields: places[section.id] ?? [], collapsed: section.collapsed };
    }),
  };
}

export function withSection(draft: LayoutDraft): LayoutDraft {
  const id = nextId();
  return { ...draft, sections: [...draft.sections, { id, label: noLabel, collapsed: false }], places: { ...draft.places, [id]: [] } };
}

export const changedSection = (draft: LayoutDraft, id: string, change: Partial<DraftSection>): LayoutDraft => ({
  ...draft,
  sections: draft.sections.map((section) => (section.id === id ? { ...section, ...change } : section)),
});

/** Without a section; its fields stand aside then. */
export function withoutSection(draft: LayoutDraft, id: string): LayoutDraft {
  const { [id]: freed = [], ...places } = draft.places;
  return { ...draft, sections: draft.sections.filter((section) => section.id !== id), places: { ...places, [ASIDE]: [...(places[ASIDE] ?? []), ...freed] } };
}

/** One place up (-1) or down (1). */
export function movedSection(draft: LayoutDraft, id: string, by: 1 | -1): LayoutDraft {
  const sections = [...draft.sections];
  const at = sections.findIndex((section) => section.id === id);
  const other = at + by;
  if (at < 0 || other < 0 || other >= sections.length) return draft;
  [sections[at], sections[other]] = [sections[other]!, sections[at]!];
  return { ...draft, sections };
}

/** A field put at the end of a section, or aside. */
export function putField(draft: LayoutDraft, key: string, place: string): LayoutDraft {
  const places = Object.fromEntries(Object.entries(draft.places).map(([id, keys]) => [id, keys.filter((it) => it !== key)]));
  return { ...draft, places: { ...places, [place]: [...(places[place] ?? []), key] } };
}
