import { useQueryClient } from "@tanstack/react-query";
import { keepCsrfToken, post } from "~/api/http";

/** Ends the session and leaves nothing of it in memory. */
export function useSignOut() {
  const client = useQueryClient();
  return async () => {
    let next = "/sign-in";
    try {
      const answer = await post<{ provider: string } | undefined>("/auth/logout");
      // Where one came by the provider and is to leave there as well.
      if (answer?.provider) next = answer.provider;
    } finally {
      keepCsrfToken(undefined);
      client.clear();
      window.location.assign(next);
    }
  };
}
