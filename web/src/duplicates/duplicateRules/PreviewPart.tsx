import { Button } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { previewRule, type DuplicateRuleDocument } from "~/api/duplicates";
import { same } from "~/objects/meanwhile";
import { useLanguage } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { Score } from "../Score";
import { useReasonWords } from "../useReasonWords";
import classes from "./rules.module.css";

/** What the rule would find among the records that there are, before it is saved. */
export function PreviewPart({ draft, ready }: { draft: DuplicateRuleDocument; ready: boolean }) {
  const { t } = useTranslation("duplicateRules");
  const language = useLanguage();
  const say = useReasonWords(draft.object);
  const preview = useMutation({ mutationFn: previewRule });
  const old = preview.variables !== undefined && !same(preview.variables, draft);
  return (
    <section className={classes.part} aria-label={t("preview")}>
      <h2>{t("preview")}</h2>
      <p className={classes.hint}>{t("previewHint")}</p>
      <Button variant="default" size="compact-md" leftSection={<IconPlayerPlay size={15} />} disabled={!ready} loading={preview.isPending} onClick={() => preview.mutate(draft)}>
        {t("tryIt")}
      </Button>
      {preview.isError && <ErrorState compact error={preview.error} />}
      <div aria-live="polite">
        {preview.data && (
          <>
            <p className={classes.count}>
              {preview.data.matches === 0 ? t("findsNone", { tried: formatDecimal(preview.data.tried, language) }) : t("finds", { count: preview.data.matches, shown: formatDecimal(preview.data.matches, language), tried: formatDecimal(preview.data.tried, language) })}
              {old && ` ${t("changedSince")}`}
            </p>
            {preview.data.examples.length > 0 && (
              <ul className={classes.examples}>
                {preview.data.examples.map((example) => (
                  <li key={`${example.record} ${example.other}`}>
                    <Link to="/o/$object/$id" params={{ object: draft.object, id: example.record }} target="_blank">
                      {preview.data.refs[example.record]?.name ?? example.record}
                    </Link>{" "}
                    ↔{" "}
                    <Link to="/o/$object/$id" params={{ object: example.object, id: example.other }} target="_blank">
                      {preview.data.refs[example.other]?.name ?? t("unseenOne")}
                    </Link>{" "}
                    <Score value={example.score} />
                    <p>{say(example.object, example.reasons)}</p>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </div>
    </section>
  );
}
