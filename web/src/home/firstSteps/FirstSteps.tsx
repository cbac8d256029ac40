import { Button, Paper } from "@mantine/core";
import { IconArrowRight, IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useDismissFirstSteps, useFirstSteps, type FirstStep } from "~/api/firstSteps";
import classes from "./firstSteps.module.css";

/** Where each step is taken. */
const PLACES: Record<FirstStep["key"], string> = { organisation: "/admin/organisation", people: "/admin/people", process: "/admin/pipelines", data: "/imports", limit: "/admin/holding" };

/** What an administrator does first in a new house; it goes once all is done, or when it is not wanted. */
export function FirstSteps() {
  const { t } = useTranslation("firstSteps");
  const { data } = useFirstSteps();
  const dismiss = useDismissFirstSteps();
  const left = data?.steps.filter((step) => !step.done) ?? [];
  if (!data || data.dismissed || left.length === 0) return null;
  return (
    <Paper component="section" className={classes.card} aria-label={t("title")}>
      <header className={classes.head}>
        <div>
          <h2>{t("title")}</h2>
          <p>{t("progress", { done: data.steps.length - left.length, of: data.steps.length })}</p>
        </div>
        <Button variant="subtle" color="gray" size="compact-sm" loading={dismiss.isPending} onClick={() => dismiss.mutate()}>
          {t("dismiss")}
        </Button>
      </header>
      <ol className={classes.steps}>
        {data.steps.map((step) => (
          <li key={step.key} data-done={step.done || undefined} data-next={step === left[0] || undefined}>
            {step.done ? <IconCircleCheckFilled size={20} aria-hidden /> : <IconCircle size={20} stroke={1.6} aria-hidden />}
            <div className={classes.told}>
              <b>
                {t(`steps.${step.key}.title`)}
                {step.done && <span className={classes.done}>{t("done")}</span>}
              </b>
              <span>{t(`steps.${step.key}.text`)}</span>
            </div>
            <Button component={Link} to={PLACES[step.key]} size="compact-md" variant={step === left[0] ? "filled" : "default"} rightSection={<IconArrowRight size={15} aria-hidden />}>
              {t(`steps.${step.key}.go`)}
            </Button>
          </li>
        ))}
      </ol>
    </Paper>
  );
}
