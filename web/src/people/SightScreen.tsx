import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe, useRecord } from "~/api/queries";
import { Page } from "~/ui/Page";
import { Sight } from "./Sight";

/** What a person can see, under an address of its own. */
export function SightScreen() {
  const { t } = useTranslation("access");
  const { id = "" } = useParams({ strict: false });
  const person = useRecord("employee", id);
  const name = String(person.data?.fields["name"] ?? "");
  return (
    <Page title={t("sightTitle", { name })} above={<Link to="/admin/people">{t("title", { ns: "people" })}</Link>}>
      <Sight person={id} name={name} />
    </Page>
  );
}

/** What one can see oneself, and why. */
export function OwnSight() {
  const { t } = useTranslation("access");
  const { person } = useMe();
  return (
    <Page title={t("sightOwn")} above={<Link to="/me">{t("profile", { ns: "account" })}</Link>}>
      <Sight person={person.id} name={person.name} />
    </Page>
  );
}
