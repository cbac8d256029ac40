import { useTranslation } from "react-i18next";
import type { RuleHit } from "~/api/duplicates";
import { useObjects } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useLabel } from "~/i18n";
import { iconOf } from "~/shell/places";
import { AlikeLine } from "./AlikeLine";
import classes from "./duplicates.module.css";
import { alikeOf, byObject } from "./matches";

/** What was found, object by object. */
export function FoundByObject({ hits, refs }: { hits: RuleHit[]; refs: Refs }) {
  const { t } = useTranslation("duplicates");
  const label = useLabel();
  const objects = useObjects();
  const alike = alikeOf(hits);
  return (
    <>
      <p className={classes.found} role="status">
        {t("toolFound", { count: alike.length })}
      </p>
      {byObject(alike).map((group) => {
        const object = objects.find((it) => it.key === group.object);
        const Icon = iconOf(object ?? group.object);
        return (
          <section key={group.object} className={classes.foundGroup}>
            <h2 className={classes.foundTitle}>
              <Icon size={16} stroke={1.6} aria-hidden />
              {label(object?.plural) || group.object} <span className="figures">{group.alike.length}</span>
            </h2>
            <ul className={classes.list}>
              {group.alike.map((one) => (
                <AlikeLine key={one.tokens.join(" ")} alike={one} refs={refs} marked={false} />
              ))}
            </ul>
          </section>
        );
      })}
    </>
  );
}
