import { useQueryClient } from "@tanstack/react-query";
import { keepCsrfToken, post } from "~/api/http";

/** Ends the session and leaves nothing of it in memory. */
export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    try {
      await post("/auth/logout");
    } finally {
      keepCsrfToken(undefined);
      client.clear();
      window.location.assign("/sign-in");
    }
  };
}
