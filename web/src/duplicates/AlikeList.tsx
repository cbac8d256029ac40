import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RuleHit } from "~/api/duplicates";
import type { Refs } from "~/api/types";
import { AlikeLine } from "./AlikeLine";
import classes from "./duplicates.module.css";
import { alikeOf } from "./matches";

type Props = { hits: RuleHit[]; refs: Refs; /** How many at first. */ first?: number; marked?: boolean };

/** The records that were found, each once, the most alike first. */
export function AlikeList({ hits, refs, first = Infinity, marked }: Props) {
  const { t } = useTranslation("duplicates");
  const [all, setAll] = useState(false);
  const alike = alikeOf(hits);
  const shown = all ? alike : alike.slice(0, first);
  return (
    <>
      <ul className={classes.list} aria-label={t("alikeRecords")}>
        {shown.map((one) => (
          <AlikeLine key={one.tokens.join(" ")} alike={one} refs={refs} marked={marked} />
        ))}
      </ul>
      {shown.length < alike.length && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          {t("showMore", { count: alike.length - shown.length })}
        </Button>
      )}
    </>
  );
}
