// How the organisation presents itself on paper.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { API_ROOT, get, headersFor, problemOf, put } from "./http";

export const LETTERHEAD_TEXTS = ["name", "address", "phone", "email", "web", "registration_number", "tax_number", "bank_details", "footer"] as const;
export type LetterheadText = (typeof LETTERHEAD_TEXTS)[number];
export type LetterheadTexts = Record<LetterheadText, string>;
export type LetterheadDocument = {
  paper: "a4" | "letter";
  /** A picture in base64. */
  logo: string | null;
  en: LetterheadTexts;
  zh: LetterheadTexts;
};
export type Letterhead = LetterheadDocument & { version: number };

const LETTERHEAD = ["organisation", "letterhead"] as const;

export const useLetterhead = () => useQuery({ queryKey: LETTERHEAD, queryFn: ({ signal }) => get<Letterhead>("/organisation/letterhead", { signal }) });

/** Reads the letterhead anew, after somebody else has changed it. */
export function usePresentLetterhead() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: LETTERHEAD });
}

export function useSaveLetterhead() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ document, version }: { document: LetterheadDocument; version: number }) => put<Letterhead>("/organisation/letterhead", document, { ifMatch: version }),
    onSuccess: (saved) => client.setQueryData(LETTERHEAD, saved),
  });
}

/** A made-up quote under a letterhead, saved or not, as a PDF. */
async function sampleOf(document: LetterheadDocument, language: string): Promise<Blob> {
  const response = await fetch(`${API_ROOT}/organisation/letterhead/sample?language=${language}`, {
    method: "POST",
    headers: { ...headersFor("POST"), "Content-Type": "application/json" },
    body: JSON.stringify(document),
    credentials: "same-origin",
  });
  if (!response.ok) throw await problemOf(response);
  return response.blob();
}

/** Shows the sample in the window given, which must have been opened with the click itself, or browsers take it for an advertisement. */
export const useLetterheadSample = () =>
  useMutation({
    mutationFn: async ({ document, language, window: shown }: { document: LetterheadDocument; language: string; window: Window | null }) => {
      try {
        const address = URL.createObjectURL(await sampleOf(document, language));
        if (shown) shown.location.href = address;
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
      } catch (cause) {
        shown?.close();
        throw cause;
      }
    },
  });
