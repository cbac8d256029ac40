import type { Problem, Rec, Violation } from "./types";

export const API_ROOT = "/api/v1";

/** A refusal of the server, thrown by every call that does not succeed. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly violations: Violation[];
  readonly record: Rec | undefined;
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(problem: Problem, retryAfter?: number) {
    super(problem.detail || problem.title || problem.code);
    this.name = "ApiProblem";
    this.status = problem.status;
    this.code = problem.code;
    this.violations = problem.violations ?? [];
    this.record = problem.record;
    this.requestId = problem.request_id;
    this.retryAfter = retryAfter;
  }
}

let csrfToken: string | undefined;

/** Keeps the token that `GET /me` and signing in hand out; writes with the session's cookie must carry it. */
export function keepCsrfToken(token: string | null | undefined) {
  csrfToken = token ?? undefined;
}

export type CallOptions = {
  /** The record version this write is based on. */
  ifMatch?: number;
  /** Give the same key again to repeat a POST without doing it twice. */
  idempotencyKey?: string;
  signal?: AbortSignal;
};

type Method = "GET" | "POST" | "PATCH" | "PUT" | "DELETE";

export function headersFor(method: Method, options: CallOptions = {}): Record<string, string> {
  // The language on the screen, which before the sign-in may differ from the browser's.
  const headers: Record<string, string> = { Accept: "application/json", "Accept-Language": document.documentElement.lang || "en" };
  if (method !== "GET" && csrfToken) headers["X-CSRF-Token"] = csrfToken;
  if (method === "POST" || options.idempotencyKey) headers["Idempotency-Key"] = options.idempotencyKey ?? randomKey();
  if (options.ifMatch !== undefined) headers["If-Match"] = `"${options.ifMatch}"`;
  return headers;
}

// crypto.randomUUID exists only on https and localhost; an office may well serve this by plain http.
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Asked where a save met records that are alike; what is answered is sent along with the same request, nothing lets the refusal stand. */
type Asker = (refusal: ApiProblem, sent: Record<string, unknown>) => Promise<Record<string, unknown> | undefined>;
let asker: Asker | undefined;

/** One place for all that writes: forms, cells, boards, bulk acts. Gives back what ends it. */
export function onDuplicates(ask: Asker): () => void {
  asker = ask;
  return () => {
    if (asker === ask) asker = undefined;
  };
}

/** Told where a write waits for an approval now: by the approval's id. */
type Hearer = (approval: string) => void;
let hearer: Hearer | undefined;

/** One place for all that writes. Gives back what ends it. */
export function onApproval(hear: Hearer): () => void {
  hearer = hear;
  return () => {
    if (hearer === hear) hearer = undefined;
  };
}

function heard(method: Method, answer: unknown) {
  if (method === "GET" || typeof answer !== "object" || answer === null) return;
  const { result, approval, dry_run } = answer as { result?: unknown; approval?: unknown; dry_run?: unknown };
  if (result === "pending_approval" && typeof approval === "string" && dry_run !== true) hearer?.(approval);
}

async function askedOver(refusal: ApiProblem, body: unknown): Promise<Record<string, unknown> | undefined> {
  if (refusal.status !== 422 || !refusal.code.startsWith("record.duplicate") || typeof body !== "object" || body === null || body instanceof FormData) return undefined;
  const sent = body as Record<string, unknown>;
  // A trial writes nothing: whoever made it tells what it met.
  if (sent.dry_run === true) return undefined;
  const more = await asker?.(refusal, sent);
  return more && { ...sent, ...more };
}

async function call<T>(method: Method, path: string, body: unknown, options: CallOptions = {}): Promise<T> {
  const headers = headersFor(method, options);
  let payload: BodyInit | undefined;
  if (body instanceof FormData) {
    payload = body;
  } else if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    payload = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(API_ROOT + path, { method, headers, body: payload, signal: options.signal, credentials: "same-origin" });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiProblem({ title: "network", status: 0, code: "network.unreachable" });
  }
  if (!response.ok) {
    const refusal = await problemOf(response);
    const again = method === "GET" ? undefined : await askedOver(refusal, body);
    // Another body is another request. Sent once more after a lost answer, it meets what the first has made.
    if (again) return call<T>(method, path, again, { ...options, idempotencyKey: undefined });
    throw refusal;
  }
  if (response.status === 204 || response.headers.get("content-length") === "0") return undefined as T;
  const answer: unknown = await response.json();
  heard(method, answer);
  return answer as T;
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const retryAfter = Number(response.headers.get("retry-after")) || undefined;
  try {
    const problem = (await response.json()) as Problem;
    if (problem && typeof problem.code === "string") return new ApiProblem({ ...problem, status: response.status }, retryAfter);
  } catch {
    // A proxy in between may answer with a page instead of a problem; the status alone must do.
  }
  return new ApiProblem({ title: response.statusText, status: response.status, code: `http.${response.status}` }, retryAfter);
}

export const get = <T>(path: string, options?: CallOptions) => call<T>("GET", path, undefined, options);
export const post = <T>(path: string, body?: unknown, options?: CallOptions) => call<T>("POST", path, body, options);
export const patch = <T>(path: string, body?: unknown, options?: CallOptions) => call<T>("PATCH", path, body, options);
export const put = <T>(path: string, body?: unknown, options?: CallOptions) => call<T>("PUT", path, body, options);
export const del = <T>(path: string, options?: CallOptions) => call<T>("DELETE", path, undefined, options);

/** `?a=1&b=2` of the parameters that are set; conditions and other structures go as JSON. */
export function query(params: Record<string, unknown>): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value === undefined || value === null || value === "") continue;
    search.set(key, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : "";
}
