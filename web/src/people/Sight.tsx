import { Alert, Badge, Group, TextInput, Tooltip } from "@mantine/core";
import { IconEyeOff, IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePersonSight, type PersonSight, type SightObject } from "~/api/access";
import { useMe, useObjects } from "~/api/queries";
import { useRoles } from "~/api/roles";
import classes from "~/access/access.module.css";
import { useLabel, useLanguage } from "~/i18n";
import table from "~/objects/objects.module.css";
import { groupsOf, useActWords } from "~/roles/acts";
import { iconOf } from "~/shell/places";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { RowSkeletons } from "~/ui/Skeletons";
import { SeenRecords } from "./SeenRecords";

/** What a person may do, how many records of each kind he sees and by what, and which fields are kept from him. */
export function Sight({ person, name }: { person: string; name: string }) {
  const { t } = useTranslation("access");
  const me = useMe();
  const sight = usePersonSight(person);
  const objects = useObjects();
  const label = useLabel();
  const [typed, setTyped] = useState("");
  const [opened, setOpened] = useState<string>();
  if (!me.admin && me.person.id !== person) return <EmptyState title={t("onlyAdministrators")} />;
  if (sight.isError) return <ErrorState error={sight.error} onRetry={() => void sight.refetch()} />;
  if (!sight.data) return <RowSkeletons rows={10} />;
  const { data } = sight;
  const nameOf = (key: string) => label(objects.find((it) => it.key === key)?.plural) || key;
  const wanted = typed.trim().toLowerCase();
  const shown = data.objects.filter((it) => nameOf(it.object).toLowerCase().includes(wanted));

  return (
    <>
      {!data.active && (
        <Alert variant="light" color="yellow" mb="md" icon={<IconEyeOff size={17} />}>
          {t("sightInactive")}
        </Alert>
      )}
      <About sight={data} />
      <Group justify="space-between" mb="sm" align="end">
        <div>
          <h2 className={classes.cardTitle} style={{ margin: 0 }}>
            {t("sightRecords")}
          </h2>
          <p className={classes.fine}>{t("sightRecordsHint")}</p>
        </div>
        <TextInput type="search" aria-label={t("find", { ns: "roles" })} placeholder={t("find", { ns: "roles" })} leftSection={<IconSearch size={15} />} w={220} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
      </Group>
      <div className={table.frame}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t("object", { ns: "roles" })}</th>
              <th scope="col" data-figures>
                {t("sightSees")}
              </th>
              <th scope="col" className={table.wide}>
                {t("sightBy")}
              </th>
              <th scope="col" className={table.wide}>
                {t("may", { ns: "roles" })}
              </th>
              <th scope="col" className={table.wide}>
                {t("fields", { ns: "roles" })}
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((object) => (
              <ObjectRow key={object.object} sight={object} name={nameOf(object.object)} all={data.sees_all} onOpen={() => setOpened(object.object)} />
            ))}
          </tbody>
        </table>
      </div>
      {opened && <SeenRecords person={person} personName={name} object={opened} refs={data.refs} onClose={() => setOpened(undefined)} />}
    </>
  );
}

function About({ sight }: { sight: PersonSight }) {
  const { t } = useTranslation("access");
  const language = useLanguage();
  const label = useLabel();
  const me = useMe();
  const roles = useRoles().data?.items ?? [];
  const nameOf = (id: string) => sight.refs[id]?.name ?? "…";
  const reach = [sight.sees_all && t("seeAll", { ns: "roles" }), sight.administrator && t("administrator", { ns: "roles" })].filter(Boolean);
  const list = (ids: string[]) => (
    <ul className={classes.names}>
      {ids.map((id) => (
        <li key={id}>{nameOf(id)}</li>
      ))}
    </ul>
  );
  return (
    <div className={classes.cards}>
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t("title", { ns: "roles" })}</h2>
        {sight.roles.length === 0 && <p className={classes.fine}>{t("sightNoRole")}</p>}
        <ul className={classes.names}>
          {sight.roles.map((key) => {
            const called = label(roles.find((it) => it.key === key)?.name) || key;
            return (
              <li key={key}>
                {me.admin ? (
                  <Link to="/admin/roles/$role" params={{ role: key }} search={{}}>
                    {called}
                  </Link>
                ) : (
                  called
                )}
              </li>
            );
          })}
        </ul>
        {reach.length > 0 && (
          <Group gap={4} mt={8}>
            {reach.map((it) => (
              <Badge key={String(it)}>{it}</Badge>
            ))}
          </Group>
        )}
      </section>
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t("sightDepartments")}</h2>
        {sight.departments.length === 0 && sight.groups.length === 0 ? <p className={classes.fine}>{t("sightNoDepartment")}</p> : list([...sight.departments, ...sight.groups])}
      </section>
      <section className={classes.card}>
        <h2 className={classes.cardTitle}>{t("sightBelow", { count: sight.below.count, shown: formatDecimal(sight.below.count, language) })}</h2>
        {sight.below.count === 0 ? <p className={classes.fine}>{t("sightNobodyBelow")}</p> : list(sight.below.people.slice(0, 12))}
        {sight.below.count > Math.min(12, sight.below.people.length) && <p className={classes.fine}>{t("sightAndMore", { count: sight.below.count - Math.min(12, sight.below.people.length) })}</p>}
      </section>
    </div>
  );
}

function ObjectRow({ sight, name, all, onOpen }: { sight: SightObject; name: string; all: boolean; onOpen: () => void }) {
  const { t } = useTranslation("access");
  const language = useLanguage();
  const label = useLabel();
  const words = useActWords();
  const object = useObjects().find((it) => it.key === sight.object);
  const Icon = iconOf(object ?? sight.object);
  const fieldNames = (keys: string[]) => words.list(keys.map((key) => label(object?.fields.find((it) => it.key === key)?.label) || key));
  const ways = sight.by.filter((way) => way.count > 0).map((way) => `${t(`sightWays.${way.why}`)} ${formatDecimal(way.count, language)}`);
  // What gives all of them is not counted.
  const base = typeof sight.base === "object" && sight.base !== null ? "parent" : sight.base === "private" ? undefined : "public";
  if (all) ways.push(t("sightWays.role"));
  else if (base) ways.push(t(`sightWays.${base}`));
  const acts = groupsOf(sight.acts).flatMap((group) => group.acts).map(words.name);
  const some = acts.length === 0 ? t("noActs", { ns: "roles" }) : acts.length > 3 ? t("moreActs", { ns: "roles", first: words.list(acts.slice(0, 3)), count: acts.length - 3 }) : words.list(acts);
  return (
    <tr data-gone={acts.length === 0 || undefined}>
      <td>
        <div className={table.nameCell}>
          <Icon size={18} stroke={1.6} />
          <div>
            {name}
            <span className={table.under}>{[...(sight.visible > 0 ? ways : []), some].join(" · ")}</span>
          </div>
        </div>
      </td>
      <td data-figures>
        {sight.visible > 0 ? (
          <button type="button" className={classes.seen} aria-label={t("sightOpen", { object: name, count: sight.visible })} onClick={onOpen}>
            {formatDecimal(sight.visible, language)}
          </button>
        ) : (
          0
        )}
      </td>
      <td className={table.wide}>
        <div className={classes.ways}>{sight.visible > 0 && ways.map((way) => <span key={way}>{way}</span>)}</div>
      </td>
      <td className={table.wide}>
        <Tooltip label={words.list(acts)} multiline maw={320} disabled={acts.length <= 3}>
          <span>{some}</span>
        </Tooltip>
      </td>
      <td className={table.wide}>
        {sight.hidden_fields.length + sight.read_only_fields.length > 0 && (
          <Tooltip label={[sight.hidden_fields.length > 0 && `${t("access.hidden", { ns: "roles" })}: ${fieldNames(sight.hidden_fields)}`, sight.read_only_fields.length > 0 && `${t("access.read", { ns: "roles" })}: ${fieldNames(sight.read_only_fields)}`].filter(Boolean).join(" · ")} multiline maw={360}>
            <span>
              {[
                sight.hidden_fields.length > 0 && t("hiddenCount", { ns: "roles", count: sight.hidden_fields.length }),
                sight.read_only_fields.length > 0 && t("readCount", { ns: "roles", count: sight.read_only_fields.length }),
              ]
                .filter(Boolean)
                .join(", ")}
            </span>
          </Tooltip>
        )}
      </td>
    </tr>
  );
}
