import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { del, get, patch, post, put, query } from "~/api/http";
import type { FileCorrection, Import, ImportAdvice, ImportFile, ImportOptions, ImportProblem, PlannedStep, Prepare, Proposal, Template, TemplateDocument } from "~/api/imports";
import { keys } from "~/api/queries";
import type { Refs } from "~/api/types";

const POLL = 1_000;
const FILES = [...keys.imports, "files"] as const;
const TEMPLATES = [...keys.imports, "templates"] as const;

/** It will go on by itself. */
export const isUnderWay = (one: Pick<Import, "state">) => one.state === "waiting" || one.state === "running" || one.state === "undoing";

/** The imports so far, followed while one of them runs. */
export function useImports() {
  return useQuery({
    queryKey: [...keys.imports, "list"],
    queryFn: ({ signal }) => get<{ items: Import[] }>("/imports", { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? 2 * POLL : false),
  });
}

/** One import, followed while it runs. */
export function useImport(id: string | undefined) {
  return useQuery({
    queryKey: [...keys.imports, "one", id],
    queryFn: ({ signal }) => get<Import>(`/imports/${id}`, { signal }),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? POLL : false),
  });
}

/** Files that wait for their import. */
export function useWaitingFiles() {
  return useQuery({ queryKey: FILES, queryFn: ({ signal }) => get<{ items: ImportFile[] }>("/imports/files", { signal }) });
}

/** A file that has been sent, and what was found in it. */
export const fileQuery = (id: string) => ({ queryKey: [...FILES, id], queryFn: ({ signal }: { signal: AbortSignal }) => get<ImportFile>(`/imports/files/${id}`, { signal }), staleTime: Infinity });

export function useFile(id: string) {
  return useQuery(fileQuery(id));
}

/** Keeps files as the server told them, so that nothing is asked for twice. */
export function keepFiles(client: QueryClient, files: ImportFile[]) {
  for (const file of files) client.setQueryData([...FILES, file.id], file);
  void client.invalidateQueries({ queryKey: FILES, exact: true });
}

/** Reads a file otherwise than it was found. */
export function useCorrectFile(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (correction: FileCorrection) => patch<ImportFile>(`/imports/files/${id}`, correction),
    onSuccess: (file) => keepFiles(client, [file]),
  });
}

export function useRemoveFile() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (id: string) => del(`/imports/files/${id}`), onSettled: () => client.invalidateQueries({ queryKey: FILES, exact: true }) });
}

export const proposePlan = (files: string[]) => post<Proposal>("/imports/propose-plan", { files });
export const propose = (file: string, object: string) => post<{ options: ImportOptions }>("/imports/propose", { file, object });

type Start = { steps: PlannedStep[]; prepare?: Prepare; name?: string; dry_run: boolean };

/** Begins an import, or the check of one. */
export function useStartImport() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (start: Start) => post<Import>("/imports", start),
    onSuccess: (started) => {
      client.setQueryData([...keys.imports, "one", started.id], started);
      void client.invalidateQueries({ queryKey: [...keys.imports, "list"] });
    },
  });
}

/** Stops an import, takes it up again, or takes it back. */
export function useImportAct(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (act: "cancel" | "resume" | "undo") => post<Import>(`/imports/${id}/${act}`),
    onSuccess: (now) => {
      client.setQueryData([...keys.imports, "one", id], now);
      void client.invalidateQueries({ queryKey: [...keys.imports, "list"] });
    },
  });
}

/** After records came in or went, everything that shows them is read again. */
export function readRecordsAgain(client: QueryClient) {
  for (const queryKey of [["records"], ["board"], ["search"], keys.processes, keys.objects]) void client.invalidateQueries({ queryKey });
}

export type ProblemFilter = { column?: string; code?: string };

// Those of whole rows have the empty column, which is asked for as well.
function params({ column, code }: ProblemFilter, cursor: string | null): string {
  const search = new URLSearchParams();
  if (column !== undefined) search.set("column", column);
  if (code !== undefined) search.set("code", code);
  if (cursor !== null) search.set("cursor", cursor);
  return search.toString();
}

/** The problems of an import, page by page. */
export function useProblems(id: string, filter: ProblemFilter, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: [...keys.imports, "one", id, "problems", filter],
    queryFn: ({ pageParam, signal }) => get<{ items: ImportProblem[]; next_cursor: string | null }>(`/imports/${id}/problems?${params(filter, pageParam)}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    enabled,
  });
}

export type Outcome = "created" | "updated" | "skipped" | "failed";
export type OutcomeRow = { step: number; line: number; outcome: Outcome; object: string; record: string | null };

/** The rows of one outcome, with the records they became. */
export function useOutcomeRows(id: string, outcome: Outcome) {
  return useInfiniteQuery({
    queryKey: [...keys.imports, "one", id, "rows", outcome],
    queryFn: ({ pageParam, signal }) => get<{ items: OutcomeRow[]; refs: Refs; next_cursor: string | null }>(`/imports/${id}/rows${query({ outcome, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
}

/** `to` is a key, or the id of a record. */
export type ColumnValue = { text: string; rows: number; to: string | null; near: string[] };

/** What stands in a column, how often, and what each is taken for. */
export function useColumnValues(step: PlannedStep, column: string) {
  return useQuery({
    queryKey: [...keys.imports, "values", step, column],
    queryFn: ({ signal }) => post<{ distinct: number; items: ColumnValue[]; refs: Refs }>("/imports/values", { file: step.file, column, options: step.options }, { signal }),
    staleTime: 60_000,
  });
}

/** What a mapping leaves open. While another answer is on its way the last one stands. */
export function useAdvice(step: PlannedStep) {
  return useQuery({
    queryKey: [...keys.imports, "advice", step],
    queryFn: ({ signal }) => post<ImportAdvice>("/imports/advice", { file: step.file, options: step.options }, { signal }),
    enabled: step.options.object !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
}

export function useTemplates() {
  return useQuery({ queryKey: TEMPLATES, queryFn: ({ signal }) => get<{ items: Template[] }>("/imports/templates", { signal }) });
}

export function useSaveTemplate() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ stored, document }: { stored?: Template; document: TemplateDocument }) =>
      stored ? put<Template>(`/imports/templates/${stored.id}`, document, { ifMatch: stored.version }) : post<Template>("/imports/templates", document),
    onSettled: () => client.invalidateQueries({ queryKey: TEMPLATES }),
  });
}

export function useDeleteTemplate() {
  const client = useQueryClient();
  return useMutation({ mutationFn: (template: Template) => del(`/imports/templates/${template.id}`, { ifMatch: template.version }), onSettled: () => client.invalidateQueries({ queryKey: TEMPLATES }) });
}
