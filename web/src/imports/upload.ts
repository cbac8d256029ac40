import { API_ROOT, ApiProblem, headersFor, problemOf } from "~/api/http";
import type { ImportFile } from "~/api/imports";

/** What one may send. */
export const KINDS = ["csv", "tsv", "txt", "xlsx"] as const;
export const LARGEST = 64_000_000;

/** Why a file is not sent at all; nothing when it is. */
export function refusalOf(file: Pick<File, "name" | "size">): "kind" | "empty" | "large" | undefined {
  const kind = file.name.slice(file.name.lastIndexOf(".") + 1).toLowerCase();
  if (!(KINDS as readonly string[]).includes(kind)) return "kind";
  if (file.size === 0) return "empty";
  return file.size > LARGEST ? "large" : undefined;
}

/** Cells from a spreadsheet's clipboard as a file; nothing when it is no table. */
export function pastedFile(text: string, name: string): File | undefined {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  return lines.length >= 2 ? new File([text], name, { type: "text/tab-separated-values" }) : undefined;
}

/** Sends a file and tells how much of it is through. `fetch` cannot tell that. */
export function uploadFile(file: File, onProgress: (share: number) => void, signal: AbortSignal): Promise<ImportFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const unreachable = () => reject(new ApiProblem({ title: "network", status: 0, code: "network.unreachable" }));
    request.open("POST", `${API_ROOT}/imports/files`);
    for (const [name, value] of Object.entries(headersFor("POST"))) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress(event.loaded / event.total));
    request.addEventListener("error", unreachable);
    request.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError")));
    request.addEventListener("load", () => {
      if (request.status >= 200 && request.status < 300) {
        const [found] = (JSON.parse(request.responseText) as { items: ImportFile[] }).items;
        return found ? resolve(found) : unreachable();
      }
      const retryAfter = request.getResponseHeader("retry-after");
      void problemOf(new Response(request.responseText, { status: request.status, headers: retryAfter ? { "retry-after": retryAfter } : {} })).then(reject);
    });
    signal.addEventListener("abort", () => request.abort());
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}
