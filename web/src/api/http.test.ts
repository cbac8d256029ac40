import { afterEach, describe, expect, it, vi } from "vitest";
import { ApiProblem, get, headersFor, keepCsrfToken, patch, post, query } from "./http";

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  vi.stubGlobal("fetch", vi.fn(async () => new Response(body === undefined ? null : JSON.stringify(body), { status, headers })));
const sent = () => vi.mocked(fetch).mock.calls[0]![1]!.headers as Record<string, string>;

afterEach(() => {
  vi.unstubAllGlobals();
  keepCsrfToken(undefined);
});

describe("calls", () => {
  it("that write carry the session's token, a POST a key of its own", async () => {
    keepCsrfToken("t0ken");
    answer(201, { result: "saved" });
    await post("/records/account", { fields: {} });
    expect(sent()["X-CSRF-Token"]).toBe("t0ken");
    expect(sent()["Idempotency-Key"]).toMatch(/^[0-9a-f]{32}$/);
    expect(headersFor("GET")["X-CSRF-Token"]).toBeUndefined();
  });

  it("name the version they are based on", async () => {
    answer(200, {});
    await patch("/records/account/1", { fields: {} }, { ifMatch: 12 });
    expect(sent()["If-Match"]).toBe('"12"');
  });

  it("that are refused throw all that the server says", async () => {
    answer(409, { title: "Conflict", status: 409, code: "record.version_conflict", record: { id: "1", version: 3 } }, { "content-type": "application/problem+json" });
    const error = await get("/records/account/1").catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(ApiProblem);
    expect(error).toMatchObject({ status: 409, code: "record.version_conflict", record: { version: 3 } });
  });

  it("that meet a proxy's page still tell the status", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => new Response("<html>", { status: 502, headers: { "retry-after": "7" } })));
    await expect(get("/me")).rejects.toMatchObject({ status: 502, code: "http.502", retryAfter: 7 });
  });

  it("that reach nobody say so", async () => {
    vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("failed"))));
    await expect(get("/me")).rejects.toMatchObject({ code: "network.unreachable" });
  });
});

describe("query", () => {
  it("leaves out what is not set and writes structures as JSON", () => {
    expect(query({ q: "", sort: undefined, cursor: null })).toBe("");
    expect(query({ limit: 50, filter: { field: "owner", op: "is_me" } })).toBe(`?limit=50&filter=${encodeURIComponent('{"field":"owner","op":"is_me"}')}`);
  });
});
