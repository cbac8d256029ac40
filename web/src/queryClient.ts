import { isSignedOut, mustEnrol } from "./api/problem";
import { createQueryClient } from "./api/queries";

/** One cache for the app: routes fill it before they show, hints of the server empty it. */
export const queryClient = createQueryClient({ onRefused: (error) => (isSignedOut(error) ? leave("/sign-in") : mustEnrol(error) && leave("/enrol")) });

// The session has ended under an open screen, or a second factor has come to be asked for: do that, and come back to it.
// Several calls of one screen are refused at once, but one leaves once: a second departure would break off the first.
let left = -Infinity;
export function leave(to: "/sign-in" | "/enrol") {
  const { pathname, search } = window.location;
  if (["/sign-in", "/setup", "/enrol"].includes(pathname)) return;
  if (performance.now() - left < 2000) return;
  left = performance.now();
  window.location.assign(`${to}?to=${encodeURIComponent(pathname + search)}`);
}
