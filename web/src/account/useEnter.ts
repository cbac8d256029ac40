import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { keepCsrfToken } from "~/api/http";
import { keys } from "~/api/queries";
import type { Me } from "~/api/types";
import { setLanguage } from "~/i18n";

/** After signing in: forget what the last person saw, know who this one is, go where he wanted to. */
export function useEnter() {
  const client = useQueryClient();
  const router = useRouter();
  return async (me: Me, to?: string) => {
    client.clear();
    keepCsrfToken(me.csrf_token);
    if (me.csrf_token) client.setQueryData(keys.me, me);
    await setLanguage(me.language);
    // Only a path of our own: an address in the link must not lead elsewhere.
    router.history.push(to && /^\/(?!\/)/.test(to) ? to : "/");
  };
}
