import { ActionIcon, Badge, Button, Menu } from "@mantine/core";
import { IconArrowsDiff, IconCopy, IconDots, IconPlus, IconTrash } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import { isEssential, useRoles, type Role } from "~/api/roles";
import { useLabel } from "~/i18n";
import table from "~/objects/objects.module.css";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { DeleteRole } from "./DeleteRole";
import classes from "./roles.module.css";

/** All roles, with how many people have each. */
export function Roles() {
  const { t } = useTranslation("roles");
  const label = useLabel();
  const me = useMe();
  const navigate = useNavigate();
  const roles = useRoles(me.admin);
  const [deleted, setDeleted] = useState<Role>();
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const items = roles.data?.items ?? [];
  const flags = (role: Role) => [role.see_all && t("seeAll"), role.administrator && t("administrator"), role.reads_audit && t("readsAudit")].filter((it): it is string => Boolean(it));

  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        <>
          <Button component={Link} to="/admin/roles/compare" variant="default" leftSection={<IconArrowsDiff size={16} />}>
            {t("compareTitle")}
          </Button>
          <Button leftSection={<IconPlus size={16} />} onClick={() => void navigate({ to: "/admin/roles/$role", params: { role: "new" }, search: {} })}>
            {t("newRole")}
          </Button>
        </>
      }
    >
      {roles.isError && <ErrorState error={roles.error} onRetry={() => void roles.refetch()} />}
      {roles.isPending && <RowSkeletons rows={5} height={30} />}
      {items.length > 0 && (
        <div className={table.frame}>
          <table className={table.table}>
            <thead>
              <tr>
                <th scope="col">{t("role")}</th>
                <th scope="col" className={table.wide}>
                  {t("flags")}
                </th>
                <th scope="col" className={table.wide}>
                  {t("kind")}
                </th>
                <th scope="col" data-figures>
                  {t("people")}
                </th>
                <th scope="col" style={{ width: 52 }}>
                  <span className="visually-hidden">{t("edit")}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((role) => (
                <tr key={role.key}>
                  <td>
                    <div className={classes.nameCell}>
                      <Link to="/admin/roles/$role" params={{ role: role.key }} search={{}} className={classes.name}>
                        {label(role.name)}
                      </Link>
                      {role.description && <span className={classes.fine}>{label(role.description)}</span>}
                      <span className={table.under}>{flags(role).join(", ")}</span>
                    </div>
                  </td>
                  <td className={table.wide}>
                    <div className={classes.badges}>
                      {flags(role).map((flag) => (
                        <Badge key={flag}>{flag}</Badge>
                      ))}
                    </div>
                  </td>
                  <td className={table.wide}>{t(role.preset ? "preset" : "own")}</td>
                  <td data-figures>{role.people}</td>
                  <td>
                    <Menu position="bottom-end">
                      <Menu.Target>
                        <ActionIcon aria-label={t("acts_of", { name: label(role.name) })}>
                          <IconDots size={16} />
                        </ActionIcon>
                      </Menu.Target>
                      <Menu.Dropdown>
                        <Menu.Item leftSection={<IconCopy size={15} />} onClick={() => void navigate({ to: "/admin/roles/$role", params: { role: "new" }, search: { from: role.key } })}>
                          {t("duplicate")}
                        </Menu.Item>
                        <Menu.Item leftSection={<IconArrowsDiff size={15} />} onClick={() => void navigate({ to: "/admin/roles/compare", search: { a: role.key } })}>
                          {t("compare")}
                        </Menu.Item>
                        {!isEssential(role) && (
                          <Menu.Item color="var(--danger)" leftSection={<IconTrash size={15} />} onClick={() => setDeleted(role)}>
                            {t("delete")}
                          </Menu.Item>
                        )}
                      </Menu.Dropdown>
                    </Menu>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {deleted && <DeleteRole role={deleted} onClose={() => setDeleted(undefined)} />}
    </Page>
  );
}
