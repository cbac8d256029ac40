import { isSignedOut } from "./api/problem";
import { createQueryClient } from "./api/queries";

/** One cache for the app: routes fill it before they show, hints of the server empty it. */
export const queryClient = createQueryClient({ onRefused: (error) => isSignedOut(error) && leave() });

// The session has ended under an open screen: sign in again and come back to it.
function leave() {
  const { pathname, search } = window.location;
  if (["/sign-in", "/setup"].includes(pathname)) return;
  window.location.assign(`/sign-in?to=${encodeURIComponent(pathname + search)}`);
}
