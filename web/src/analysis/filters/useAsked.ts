import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { askedOf, type AnalysisAsked } from "./asked";

/** Which deals the analysis on screen is about, kept in its address, where one may send it to a colleague. */
export function useAsked<More extends Record<string, unknown> = Record<string, unknown>>() {
  const navigate = useNavigate();
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const asked = useMemo(() => askedOf(search), [search]);
  const change = useCallback(
    (part: Partial<AnalysisAsked & More>) => {
      const next = Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value !== undefined && value !== null));
      void navigate({ to: ".", search: next as never, replace: true });
    },
    [navigate, search],
  );
  return { asked, search: search as Partial<More>, change };
}
