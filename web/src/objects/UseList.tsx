import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Use } from "~/api/definitions";
import { ApiProblem } from "~/api/http";
import { useLabel } from "~/i18n";
import classes from "./objects.module.css";

/** The uses a refusal names; `undefined` when it was refused for something else. */
export function usesOf(error: unknown): Use[] | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  const uses = error.violations.filter((it) => it.code.endsWith(".in_use"));
  // Some name each use by itself, others all of them in one.
  return uses.length > 0 ? uses.flatMap(({ params, message }) => (Array.isArray(params?.uses) ? (params.uses as Use[]) : [{ kind: "", object: "", name: message, ...params } as Use])) : undefined;
}

/** Where something is used: what it is, its name, and the way there. */
export function UseList({ uses }: { uses: Use[] }) {
  const { t, i18n } = useTranslation("objects");
  const label = useLabel();
  const router = useRouter();
  // A field that reads another twice over is one use to a person.
  const named = uses.filter((use, at) => uses.findIndex((it) => it.kind === use.kind && (use.link ? it.link === use.link : label(it.name) === label(use.name))) === at);
  const wordOf = (kind: string) => (i18n.exists(`objects:useKinds.${kind}`) ? t(`useKinds.${kind}` as "useKinds.view") : kind.replaceAll("_", " "));
  return (
    <ul className={classes.uses}>
      {named.map((use, index) => {
        const { link } = use;
        const name = label(use.name);
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
                {name}
              </a>
            ) : (
              <span>{name}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
