import { useQueryClient } from "@tanstack/react-query";
import { keepCsrfToken, patch } from "~/api/http";
import { keys } from "~/api/queries";
import type { Language, Me } from "~/api/types";
import { setLanguage } from "~/i18n";

/** Changes the language at once and keeps it in the profile; the server's sentences follow with the next answers. */
export function useChooseLanguage() {
  const client = useQueryClient();
  return async (language: Language) => {
    await setLanguage(language);
    client.setQueryData<Me>(keys.me, (old) => (old ? { ...old, language } : old));
    void patch<Me>("/me", { language }).then((me) => {
      if (me?.csrf_token) keepCsrfToken(me.csrf_token);
      void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "me" });
    });
  };
}
