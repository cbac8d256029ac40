import { Select } from "@mantine/core";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import { useRoleActs, useRoles, type ObjectActs, type RoleDocument } from "~/api/roles";
import { useLabel } from "~/i18n";
import table from "~/objects/objects.module.css";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { PageSkeleton } from "~/ui/Skeletons";
import { useActWords } from "./acts";
import { EVERY, rightsOf } from "./roleDraft";
import classes from "./roles.module.css";
import { usePartWords } from "./usePartWords";

/** Two roles side by side: only what one gives and the other does not. */
export function CompareRoles() {
  const { t } = useTranslation("roles");
  const label = useLabel();
  const me = useMe();
  const navigate = useNavigate();
  const { a, b } = useSearch({ strict: false }) as { a?: string; b?: string };
  const roles = useRoles(me.admin);
  const acts = useRoleActs(me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const failed = [roles, acts].find((it) => it.isError && !it.data);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!roles.data || !acts.data) return <PageSkeleton />;
  const { items } = roles.data;
  const first = items.find((it) => it.key === a) ?? items[0];
  const second = items.find((it) => it.key === b) ?? items.find((it) => it !== first);
  const data = items.map((role) => ({ value: role.key, label: label(role.name) }));
  const choose = (search: { a?: string; b?: string }) => void navigate({ to: "/admin/roles/compare", search: { a: first?.key, b: second?.key, ...search }, replace: true });

  return (
    <Page title={t("compareTitle")} above={<Link to="/admin/roles">{t("title")}</Link>} below={<p className={classes.fine}>{t("compareHint")}</p>}>
      <div className={table.frame}>
        <table className={`${table.table} ${classes.differences}`}>
          <thead>
            <tr>
              <th scope="col">{t("object")}</th>
              <th scope="col">
                <Select aria-label={t("compareFirst")} data={data} allowDeselect={false} maw={260} value={first?.key ?? null} onChange={(key) => choose({ a: key ?? undefined })} />
              </th>
              <th scope="col">
                <Select aria-label={t("compareSecond")} data={data} allowDeselect={false} maw={260} value={second?.key ?? null} onChange={(key) => choose({ b: key ?? undefined })} />
              </th>
            </tr>
          </thead>
          {first && second && <Differences first={first} second={second} acts={acts.data.objects} />}
        </table>
      </div>
    </Page>
  );
}

const FLAGS = [
  ["see_all", "seeAll"],
  ["administrator", "administrator"],
  ["reads_audit", "readsAudit"],
] as const;

function Differences({ first, second, acts }: { first: RoleDocument; second: RoleDocument; acts: ObjectActs[] }) {
  const { t } = useTranslation("roles");
  const actWords = useActWords();
  const words = usePartWords();
  const flags = (role: RoleDocument, other: RoleDocument) => FLAGS.filter(([key]) => role[key] && !other[key]).map(([, name]) => t(name));
  const only = (object: ObjectActs, role: RoleDocument, other: RoleDocument) => {
    const [mine, theirs] = [rightsOf(role, object.key), rightsOf(other, object.key)];
    const fields = [...new Set([...Object.keys(mine.fields), ...Object.keys(theirs.fields)])].filter((key) => (mine.fields[key] ?? "write") !== (theirs.fields[key] ?? "write"));
    return [
      actWords.list(object.acts.filter((act) => mine.acts.includes(act) && !theirs.acts.includes(act)).map(actWords.name)),
      ...fields.map((key) => `${words.fieldName(object.key, key)}: ${t(`access.${mine.fields[key] ?? "write"}`)}`),
    ].filter(Boolean);
  };
  const rows = [
    { key: "flags", name: t("reach"), one: flags(first, second), other: flags(second, first) },
    ...[...acts].sort((one, other) => Number(other.key === EVERY) - Number(one.key === EVERY)).map((object) => ({ key: object.key, name: words.objectName(object.key), one: only(object, first, second), other: only(object, second, first) })),
  ].filter((row) => row.one.length + row.other.length > 0);
  const side = (lines: string[]) => (lines.length === 0 ? <span className={classes.fine}>{t("compareNone")}</span> : lines.map((line) => <div key={line}>{line}</div>));
  return (
    <tbody>
      {rows.length === 0 && (
        <tr>
          <td colSpan={3}>{t("compareSame")}</td>
        </tr>
      )}
      {rows.map((row) => (
        <tr key={row.key}>
          <th scope="row">{row.name}</th>
          <td>{side(row.one)}</td>
          <td>{side(row.other)}</td>
        </tr>
      ))}
    </tbody>
  );
}
