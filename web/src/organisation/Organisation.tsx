import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import { keys, useMe } from "~/api/queries";
import type { Organisation as Settings } from "~/api/types";
import { CalendarList } from "~/calendars/CalendarList";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { CurrencyRates } from "./CurrencyRates";
import { LetterheadForm } from "./LetterheadForm";
import { OrganisationForm } from "./OrganisationForm";
import { TeamRoles } from "./TeamRoles";
import classes from "./organisation.module.css";

/** What holds for the whole organisation: its settings and the rates of currencies. */
export function Organisation() {
  const { t } = useTranslation("organisation");
  const me = useMe();
  const settings = useQuery({ queryKey: keys.organisation, queryFn: () => get<Settings>("/organisation") });
  return (
    <Page title={t("title")} above={t("hint")} narrow>
      {!me.admin && (
        <Text c="dimmed" mb="sm">
          {t("onlyAdministrators")}
        </Text>
      )}
      <section className={classes.section}>
        <h2 className={classes.heading}>{t("settings")}</h2>
        {settings.isError && <ErrorState compact error={settings.error} onRetry={() => void settings.refetch()} />}
        {settings.isPending && <RowSkeletons rows={6} height={30} />}
        {settings.data && <OrganisationForm stored={settings.data} editable={me.admin} />}
      </section>
      <section className={classes.section}>
        <h2 className={classes.heading}>{t("teamRoles")}</h2>
        <p className={classes.hint}>{t("teamRolesHint")}</p>
        {settings.data && <TeamRoles stored={settings.data.team_roles ?? []} editable={me.admin} />}
      </section>
      {me.admin && (
        <section className={classes.section} aria-labelledby="letterhead">
          <h2 className={classes.heading} id="letterhead">
            {t("letterhead.title")}
          </h2>
          <p className={classes.hint}>{t("letterhead.hint")}</p>
          <LetterheadForm />
        </section>
      )}
      <section className={classes.section}>
        <h2 className={classes.heading}>{t("title", { ns: "calendars" })}</h2>
        <p className={classes.hint}>{t("hint", { ns: "calendars" })}</p>
        <CalendarList editable={me.admin} />
      </section>
      <section className={classes.section}>
        <h2 className={classes.heading}>{t("rates")}</h2>
        <p className={classes.hint}>{t("ratesHint", { main: me.organisation.main_currency })}</p>
        <CurrencyRates main={settings.data?.main_currency ?? me.organisation.main_currency} editable={me.admin} />
      </section>
    </Page>
  );
}
