import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Use } from "~/api/definitions";
import { ApiProblem } from "~/api/http";
import classes from "./objects.module.css";

/** The uses a refusal names; `undefined` when it was refused for something else. */
export function usesOf(error: unknown): Use[] | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const uses = error.violations.filter((it) => it.code.endsWith(".in_use"));
  return uses.length > 0 ? uses.map(({ params, message }) => ({ kind: "", object: "", ...params, name: String(params?.["name"] ?? message) }) as Use) : undefined;
}

/** Where something is used: what it is, its name, and the way there. */
export function UseList({ uses, known = [] }: { uses: Use[]; /** The same uses with their links, where only some have them. */ known?: Use[] }) {
  const { t, i18n } = useTranslation("objects");
  const router = useRouter();
  const wordOf = (kind: string) => (i18n.exists(`objects:useKinds.${kind}`) ? t(`useKinds.${kind}` as "useKinds.view") : kind.replaceAll("_", " "));
  return (
    <ul className={classes.uses}>
      {uses.map((use, index) => {
        const link = use.link ?? known.find((it) => it.kind === use.kind && it.name === use.name && it.object === use.object)?.link;
        return (
          <li key={index}>
            <span>{wordOf(use.kind)}</span>
            {link ? (
              <a
                href={link}
                onClick={(event) => {
                  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                  event.preventDefault();
                  router.history.push(link);
                }}
              >
                {use.name}
              </a>
            ) : (
              <span>{use.name}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
