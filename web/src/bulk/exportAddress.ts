import { API_ROOT, query } from "~/api/http";
import type { ListParams } from "~/api/queries";

export type ExportParams = Pick<ListParams, "view" | "filter" | "q" | "sort" | "fields" | "voided"> & { ids?: string[] };

/** The address of a file with what a list shows, or with the records chosen in it. */
export function exportAddress(object: string, format: "csv" | "xlsx", { view, filter, q, sort, fields, voided, ids }: ExportParams): string {
  const which = ids ? { ids: ids.join(",") } : { view, filter, q };
  return `${API_ROOT}/records/${object}/export${query({ format, ...which, sort, fields: fields?.join(","), voided })}`;
}
