import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { del, get, put } from "./http";
import type { Label } from "./types";

/** A card of a Home. */
export type HomeCard = {
  id: string;
  kind: string;
  /** Where it is called something else than what it shows. */
  title?: string | null;
  /** Of twelve. */
  width: number;
  /** Rows of 80 pixels. */
  height: number;
  settings: Record<string, unknown>;
  /** False for what the reader cannot be shown. */
  there?: boolean;
};

export type HomePage = { cards: HomeCard[]; /** Whose page it is. */ source: "own" | "role" | "shipped"; role?: string | null; version: number; can: string[] };

export type GalleryEntry = { key: string; kind: string; label: Partial<Label>; description?: Partial<Label> | null; width: number; height: number; settings: Record<string, unknown> };
export type GalleryFolder = { key: string; label: Partial<Label>; folders: GalleryFolder[]; entries: GalleryEntry[] };
export type Gallery = { folders: GalleryFolder[] };

/** One's own page, or that of a role. */
export type HomeAddress = "/home" | `/homes/${string}`;

export const homeKeys = { all: ["home"] as const, page: (address: HomeAddress) => ["home", "page", address] as const, gallery: ["home", "gallery"] as const };

export const homeQuery = (address: HomeAddress) => ({ queryKey: homeKeys.page(address), queryFn: ({ signal }: { signal: AbortSignal }) => get<HomePage>(address, { signal }), staleTime: 60_000 });

export const useHome = (address: HomeAddress) => useQuery(homeQuery(address));

export function useGallery(enabled = true) {
  return useQuery({ queryKey: homeKeys.gallery, queryFn: ({ signal }) => get<Gallery>("/home/gallery", { signal }), staleTime: 60_000, enabled });
}

/** Saves a page over the version that one began with. */
export function useSaveHome(address: HomeAddress) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ cards, version }: { cards: HomeCard[]; version: number }) => put<HomePage>(address, { cards }, { ifMatch: version }),
    onSuccess: (page) => client.setQueryData(homeKeys.page(address), page),
  });
}

/** Takes a page away: that which holds behind it comes to light. */
export function useResetHome(address: HomeAddress) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => del<HomePage>(address),
    onSuccess: (page) => client.setQueryData(homeKeys.page(address), page),
  });
}
