import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, post } from "~/api/http";
import { keys } from "~/api/queries";
import type { Import } from "~/api/types";
import type { Mapping } from "./guessMapping";
import type { ValueMappings } from "./valueMappings";

/** An import with what the server tells about its course. */
export type ImportJob = Import & {
  /** Only checked: nothing has been written. */
  dry_run?: boolean;
  /** Rows read so far. */
  done?: number;
  /** All problems; `problems` holds the first of them. */
  problem_count?: number;
  /** Why the whole file failed. */
  error?: string;
};

/** How a file is to be read. */
export interface ImportOptions {
  object: string;
  mapping: Mapping;
  keys?: { external_source: string; external_column: string };
  values?: ValueMappings;
  history?: boolean;
  dry_run?: boolean;
}

const POLL = 1_000;

/** Hands a file to the server, to be checked only or to be taken in. */
export function useRunImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ file, options }: { file: File; options: ImportOptions }) => {
      const body = new FormData();
      body.append("options", JSON.stringify(options));
      body.append("file", file);
      return post<ImportJob>("/imports", body);
    },
    onSuccess: (done, { options }) => {
      client.setQueryData([...keys.imports, done.id], done);
      void client.invalidateQueries({ queryKey: keys.imports, exact: true });
      if (options.dry_run) return;
      void client.invalidateQueries({ queryKey: ["records"] });
      void client.invalidateQueries({ queryKey: ["board"] });
      void client.invalidateQueries({ queryKey: ["search"] });
    },
  });
}

/** The imports so far. */
export function useImports() {
  return useQuery({ queryKey: keys.imports, queryFn: () => get<{ items: ImportJob[] }>("/imports") });
}

/** One import, followed while it runs. */
export function useImport(id: string | undefined) {
  return useQuery({
    queryKey: [...keys.imports, id],
    queryFn: () => get<ImportJob>(`/imports/${id}`),
    enabled: id !== undefined,
    refetchInterval: (query) => (query.state.data?.state === "running" ? POLL : false),
  });
}
