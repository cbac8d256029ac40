import { Badge, Button, Drawer, Group, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useObject, useRecord } from "~/api/queries";
import type { Condition, Rec } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { usePartWords } from "./DisableDialog";
import classes from "./people.module.css";
import { PersonActs } from "./PersonActs";
import { useStanding, type Standing } from "./standing";

const FACTS = ["title", "job_level", "department", "further_departments", "manager", "email", "phone", "roles", "language", "time_zone"];

/** A person: where he stands, what he owns, what can be done. */
export function PersonDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation("people");
  const person = useRecord("employee", id);
  const name = String(person.data?.fields["name"] ?? "");
  return (
    <Drawer opened onClose={onClose} position="right" size={520} title={name || t("person")} closeButtonProps={{ "aria-label": t("close") }}>
      {person.isError && <ErrorState error={person.error} onRetry={() => void person.refetch()} />}
      {person.isPending && <RowSkeletons rows={6} />}
      {person.data && <Person person={person.data} />}
    </Drawer>
  );
}

function Person({ person }: { person: Rec }) {
  const { t } = useTranslation("people");
  const name = String(person.fields["name"] ?? "");
  return (
    <>
      <Group gap="sm" wrap="nowrap" mb="sm">
        <Avatar name={name} size={40} />
        <div className={classes.who}>
          <Text fw={600}>
            {String(person.fields["title"] ?? "") || name} {person.fields["active"] === false && <Badge color="gray">{t("inactive")}</Badge>}
          </Text>
          <Text size="sm" c="dimmed" truncate>
            {String(person.fields["email"] ?? t("noEmail"))}
          </Text>
        </div>
      </Group>
      <PersonActs person={person}>
        {(acts) => (
          <Group gap={6} mb="md">
            {acts.map((act) => (
              <Button key={act.key} size="compact-sm" variant="default" color={act.danger ? "red" : undefined} leftSection={act.icon} onClick={act.run}>
                {act.label}
              </Button>
            ))}
          </Group>
        )}
      </PersonActs>
      <About person={person} />
    </>
  );
}

function About({ person }: { person: Rec }) {
  const { t } = useTranslation("people");
  const label = useLabel();
  const fields = useObject("employee")?.fields ?? [];
  const own = fields.filter((field) => field.own).map((field) => field.key);
  const shown = [...FACTS, ...own].flatMap((key) => fields.find((field) => field.key === key) ?? []);
  const standing = useStanding(person.id);
  return (
    <>
      <dl className={classes.facts}>
        {shown.map((field) => (
          <div key={field.key}>
            <dt>{label(field.label)}</dt>
            <dd>
              <FieldShow field={field} value={person.fields[field.key]} refs={person.refs} />
            </dd>
          </div>
        ))}
      </dl>
      {standing.isError && <ErrorState error={standing.error} onRetry={() => void standing.refetch()} />}
      {standing.data && <Stands standing={standing.data} />}
      <Text size="sm" mt="md">
        <Link to="/o/$object/$id" params={{ object: "employee", id: person.id }}>
          {t("wholeRecord")}
        </Link>
      </Text>
    </>
  );
}

function Stands({ standing }: { standing: Standing }) {
  const { t } = useTranslation("people");
  const what = usePartWords();
  const owned = standing.owns.filter((it) => it.count > 0);
  const people = (title: string, ids: string[], to: (id: string) => { to: string; search?: object }) =>
    ids.length > 0 && (
      <section className={classes.stands}>
        <h3>{title}</h3>
        <ul>
          {ids.map((id) => (
            <li key={id}>
              <Link {...(to(id) as { to: "/admin/people" })}>{standing.refs[id]?.name ?? "…"}</Link>
            </li>
          ))}
        </ul>
      </section>
    );
  const department = (id: string) => ({ to: "/admin/people/departments", search: { department: id } });
  return (
    <>
      <section className={classes.stands}>
        <h3>{t("owns")}</h3>
        {owned.length === 0 ? (
          <Text size="sm" c="dimmed">
            {t("ownsNothingSeen")}
          </Text>
        ) : (
          <ul>
            {owned.map((it) => (
              <li key={`${it.object}.${it.part}`}>
                <Link to="/o/$object" params={{ object: it.object }} search={{ filter: ownedBy(standing.person, it.part) } as never}>
                  {what(it)}
                </Link>{" "}
                <span className="figures">{it.count}</span>
              </li>
            ))}
          </ul>
        )}
      </section>
      {people(t("reports", { count: standing.reports.length }), standing.reports, (id) => ({ to: "/admin/people", search: { person: id } }))}
      {people(t("headOf"), standing.heads, department)}
      {people(t("assistantIn"), standing.assists, department)}
      {people(t("inGroups"), standing.groups, (id) => ({ to: "/admin/people/groups", search: { group: id } }))}
    </>
  );
}

function ownedBy(person: string, part: Standing["owns"][number]["part"]): Condition {
  const owner: Condition = { field: "owner", op: "eq", value: person };
  if (part === "all") return owner;
  return { all: [owner, { field: "closed_at", op: part === "open" ? "is_empty" : "is_not_empty" }] };
}
