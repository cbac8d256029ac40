import { Button, Drawer, Group, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPencil, IconPlus, IconSearch, IconTrash, IconUsersGroup } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { rowsOf, useMe, useObject, useObjects, useRecord, useRecordList } from "~/api/queries";
import { useSharingRules } from "~/api/sharing";
import type { Rec } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { RecordDialog } from "~/records/RecordDialog";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { PeopleTabs } from "./PeopleTabs";
import classes from "./people.module.css";
import { reasonsOf } from "./useDepartments";

const listed = (group: Rec, key: string) => (Array.isArray(group.fields[key]) ? (group.fields[key] as string[]) : []);

/** Groups of people and departments, to whom records are given together. */
export function Groups() {
  const { t } = useTranslation("people");
  const me = useMe();
  const navigate = useNavigate();
  const object = useObject("user_group");
  const { group: opened } = useSearch({ strict: false }) as { group?: string };
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const [creating, setCreating] = useState(false);
  const acts = me.acts["user_group"] ?? [];
  const list = useRecordList("user_group", { q: q || undefined, sort: "name", limit: 100 });
  const rows = rowsOf(list.data);
  const open = (group?: string) => void navigate({ to: "/admin/people/groups", search: group ? { group } : {}, replace: group === undefined });
  return (
    <Page
      title={t("tab_groups")}
      above={t("groupsHint")}
      actions={
        acts.includes("create") && (
          <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
            {t("newGroup")}
          </Button>
        )
      }
      below={
        <>
          <PeopleTabs />
          <TextInput type="search" maw={280} aria-label={t("searchGroups")} placeholder={t("searchGroups")} leftSection={<IconSearch size={15} />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        </>
      }
    >
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <RowSkeletons />}
      {list.isSuccess && rows.length === 0 && (
        <EmptyState icon={<IconUsersGroup size={28} />} title={q ? t("noneFound") : t("noGroups")}>
          {!q && t("noGroupsHint")}
        </EmptyState>
      )}
      {rows.length > 0 && (
        <div className={classes.frame}>
          <Table verticalSpacing={9} horizontalSpacing="md" fz="sm" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("groupName")}</Table.Th>
                <Table.Th>{t("members")}</Table.Th>
                <Table.Th visibleFrom="sm">{t("departmentsOf")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => (
                <Table.Tr key={row.id}>
                  <Table.Td>
                    <button type="button" className={classes.name} onClick={() => open(row.id)}>
                      {String(row.fields["name"] ?? "")}
                    </button>
                  </Table.Td>
                  <Table.Td className="figures">{listed(row, "members").length || "–"}</Table.Td>
                  <Table.Td visibleFrom="sm">
                    {listed(row, "departments")
                      .map((id) => row.refs?.[id]?.name ?? "…")
                      .join(t("listed")) || "–"}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      )}
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
      {creating && object && <RecordDialog object={object} onClose={() => setCreating(false)} onSaved={(record) => open(record.id)} />}
      {opened && <GroupDrawer key={opened} id={opened} onClose={() => open()} />}
    </Page>
  );
}

function GroupDrawer({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation("people");
  const label = useLabel();
  const client = useQueryClient();
  const acts = useMe().acts["user_group"] ?? [];
  const object = useObject("user_group");
  const group = useRecord("user_group", id);
  const [dialog, setDialog] = useState<"edit" | "void">();
  const name = String(group.data?.fields["name"] ?? "");
  const voiding = async () => {
    try {
      await post(`/records/user_group/${id}/void`, {});
    } catch (error) {
      throw new Error(reasonsOf(error), { cause: error });
    }
    await client.invalidateQueries({ queryKey: ["records", "user_group"] });
    onClose();
  };
  return (
    <Drawer opened onClose={onClose} position="right" size={460} title={name || t("group")} closeButtonProps={{ "aria-label": t("close") }}>
      {group.isError && <ErrorState error={group.error} onRetry={() => void group.refetch()} />}
      {group.isPending && <RowSkeletons rows={4} />}
      {group.data && object && (
        <>
          <Group gap={6} mb="md">
            {acts.includes("edit") && (
              <Button size="compact-sm" variant="default" leftSection={<IconPencil size={15} />} onClick={() => setDialog("edit")}>
                {t("edit")}
              </Button>
            )}
            {acts.includes("void") && (
              <Button size="compact-sm" variant="default" color="red" leftSection={<IconTrash size={15} />} onClick={() => setDialog("void")}>
                {t("void")}
              </Button>
            )}
          </Group>
          {object.fields
            .filter((field) => !field.system && field.key !== "name")
            .map((field) => (
              <section key={field.key} className={classes.stands}>
                <h3>{label(field.label)}</h3>
                <FieldShow field={field} value={group.data.fields[field.key]} refs={group.data.refs} />
              </section>
            ))}
          <Text size="xs" c="dimmed" mt="md">
            {t("groupsBelow")}
          </Text>
          <UsedBy group={id} />
          {dialog === "edit" && <RecordDialog object={object} record={group.data} refs={group.data.refs} onClose={() => setDialog(undefined)} />}
          <ConfirmDialog
            opened={dialog === "void"}
            onClose={() => setDialog(undefined)}
            title={t("voidGroupTitle", { name })}
            text={t("voidGroupText")}
            confirm={t("void")}
            danger
            onConfirm={voiding}
          />
        </>
      )}
    </Drawer>
  );
}

/** The sharing rules that give to the group; administrators see them. */
function UsedBy({ group }: { group: string }) {
  const { t } = useTranslation("people");
  const label = useLabel();
  const { admin } = useMe();
  const objects = useObjects();
  const rules = useSharingRules(undefined, admin);
  if (!admin) return null;
  const used = (rules.data?.items ?? []).filter((rule) => rule.to.some((to) => to.kind === "group" && to.id === group));
  return (
    <section className={classes.stands}>
      <h3>{t("usedBy")}</h3>
      {rules.isSuccess && used.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("usedByNone")}
        </Text>
      )}
      <ul>
        {used.map((rule) => (
          <li key={rule.id}>
            <Link to="/admin/sharing">{rule.name}</Link> <span className={classes.fine}>{label(objects.find((it) => it.key === rule.object)?.plural)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
