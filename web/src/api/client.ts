import createClient, { type Middleware } from "openapi-fetch";
import { API_ROOT, headersFor, problemOf } from "./http";
import type { paths } from "./schema";

const manners: Middleware = {
  onRequest({ request }) {
    for (const [name, value] of Object.entries(headersFor(request.method as "GET"))) {
      if (!request.headers.has(name) || name === "Accept-Language") request.headers.set(name, value);
    }
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await problemOf(response);
  },
};

/**
 * The API as its own description types it (`npm run gen` reads openapi.json). Refusals are thrown, so what is answered is there.
 * Calls whose path or body is only known at run time, as records of any object, go through `http.ts`.
 */
export const api = createClient<paths, "application/json">({ baseUrl: API_ROOT });
api.use(manners);

/** The body of an answer; the types cannot know that refusals have been thrown. */
export async function bodyOf<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T;
}
