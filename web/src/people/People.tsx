import { ActionIcon, Badge, Button, Group, Menu, Select, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDots, IconFileImport, IconPlus, IconSearch } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf, useMe, useObject, useRecordList } from "~/api/queries";
import type { Condition, Rec } from "~/api/types";
import { useLabel } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { PeopleTabs } from "./PeopleTabs";
import classes from "./people.module.css";
import { PersonActs } from "./PersonActs";
import { PersonDialog } from "./PersonDialog";
import { PersonDrawer } from "./PersonDrawer";
import { PersonSelect } from "./PersonSelect";

const STATES = ["active", "disabled", "all"] as const;
type State = (typeof STATES)[number];

/** The condition of what has been chosen above the list. */
function filterOf(state: State, department: string | null, role: string | null): Condition | undefined {
  const parts: Condition[] = [];
  if (state !== "all") parts.push({ field: "active", op: "eq", value: state === "active" });
  if (department) parts.push({ field: "department", op: "in_department", value: department });
  if (role) parts.push({ field: "roles", op: "contains", value: [role] });
  return parts.length > 1 ? { all: parts } : parts[0];
}

/** The employees of the organisation. */
export function People() {
  const { t } = useTranslation("people");
  const label = useLabel();
  const me = useMe();
  const navigate = useNavigate();
  const { person: opened, role = null } = useSearch({ strict: false }) as { person?: string; role?: string };
  const employee = useObject("employee");
  const roles = employee?.fields.find((field) => field.key === "roles")?.options ?? [];
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  // Whoever asks for the holders of a role asks for those too who no longer work here: the role counts on them.
  const [state, setState] = useState<State>(role ? "all" : "active");
  const [department, setDepartment] = useState<string | null>(null);
  const [creating, setCreating] = useState(false);
  const acts = me.acts["employee"] ?? [];
  const list = useRecordList("employee", { q: q || undefined, sort: "name", filter: filterOf(state, department, role), count: "exact", limit: 100 });
  const rows = rowsOf(list.data);
  const count = list.data?.pages[0]?.count;
  const nameOf = (row: Rec, key: string) => {
    const id = row.fields[key];
    return typeof id === "string" ? (row.refs?.[id]?.name ?? "") : "";
  };
  const show = (person: string | undefined, held: string | null, replace: boolean) =>
    void navigate({ to: "/admin/people", search: { ...(person ? { person } : {}), ...(held ? { role: held } : {}) }, replace });
  const open = (person?: string) => show(person, role, person === undefined);

  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        <>
          {acts.includes("import") && (
            <Button component={Link} to="/imports" variant="default" leftSection={<IconFileImport size={16} />}>
              {t("import")}
            </Button>
          )}
          {acts.includes("create") && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
              {t("newPerson")}
            </Button>
          )}
        </>
      }
      below={
        <>
          <PeopleTabs />
          <div className={classes.filters} role="search">
            <TextInput type="search" aria-label={t("search")} placeholder={t("search")} leftSection={<IconSearch size={15} />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
            <PersonSelect object="department" aria-label={t("byDepartment")} placeholder={t("byDepartment")} value={department} onChange={setDepartment} />
            <Select clearable aria-label={t("byRole")} placeholder={t("byRole")} data={roles.map((it) => ({ value: it.key, label: label(it.label) }))} value={role} onChange={(held) => show(opened, held, true)} />
            <Select allowDeselect={false} aria-label={t("byState")} data={STATES.map((value) => ({ value, label: t(`state_${value}`) }))} value={state} onChange={(value) => value && setState(value as State)} />
          </div>
        </>
      }
    >
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <RowSkeletons />}
      {list.isSuccess && rows.length === 0 && <EmptyState title={t("none")} />}
      {rows.length > 0 && (
        <div className={classes.frame}>
          <Table.ScrollContainer minWidth={320}>
            <Table verticalSpacing={7} horizontalSpacing="md" fz="sm" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("name")}</Table.Th>
                  <Table.Th visibleFrom="sm">{t("position")}</Table.Th>
                  <Table.Th visibleFrom="sm">{t("department")}</Table.Th>
                  <Table.Th visibleFrom="md">{t("manager")}</Table.Th>
                  <Table.Th visibleFrom="md">{t("roles")}</Table.Th>
                  <Table.Th w={48} aria-label={t("edit")} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => {
                  const name = String(row.fields["name"] ?? "");
                  const held = Array.isArray(row.fields["roles"]) ? (row.fields["roles"] as string[]) : [];
                  return (
                    <Table.Tr key={row.id} data-disabled={row.fields["active"] === false || undefined}>
                      <Table.Td>
                        <Group gap="sm" wrap="nowrap">
                          <Avatar name={name} size={28} />
                          <div className={classes.who}>
                            <button type="button" className={classes.name} onClick={() => open(row.id)}>
                              {name}
                            </button>{" "}
                            {row.fields["active"] === false && (
                              <Badge color="gray" size="sm">
                                {t("inactive")}
                              </Badge>
                            )}
                            <Text size="xs" c="dimmed" truncate>
                              {String(row.fields["email"] ?? "")}
                            </Text>
                          </div>
                        </Group>
                      </Table.Td>
                      <Table.Td visibleFrom="sm">{String(row.fields["title"] ?? "")}</Table.Td>
                      <Table.Td visibleFrom="sm">{nameOf(row, "department")}</Table.Td>
                      <Table.Td visibleFrom="md">{nameOf(row, "manager")}</Table.Td>
                      <Table.Td visibleFrom="md">
                        <Group gap={4}>
                          {held.map((key) => (
                            <Badge key={key}>{label(roles.find((it) => it.key === key)?.label) || key}</Badge>
                          ))}
                        </Group>
                      </Table.Td>
                      <Table.Td>
                        {(acts.includes("edit") || me.admin) && (
                          <PersonActs person={row}>
                            {(items) => (
                              <Menu position="bottom-end">
                                <Menu.Target>
                                  <ActionIcon aria-label={t("acts", { name })}>
                                    <IconDots size={16} />
                                  </ActionIcon>
                                </Menu.Target>
                                <Menu.Dropdown>
                                  {items.map((item) => (
                                    <Menu.Item key={item.key} leftSection={item.icon} color={item.danger ? "var(--danger)" : undefined} onClick={item.run}>
                                      {item.label}
                                    </Menu.Item>
                                  ))}
                                </Menu.Dropdown>
                              </Menu>
                            )}
                          </PersonActs>
                        )}
                      </Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </div>
      )}
      <Group mt="sm" gap="md">
        {typeof count === "number" && (
          <Text size="sm" c="dimmed">
            {t("count", { count })}
          </Text>
        )}
        {list.hasNextPage && (
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t("more")}
          </Button>
        )}
      </Group>
      {creating && <PersonDialog onClose={() => setCreating(false)} />}
      {opened && <PersonDrawer key={opened} id={opened} onClose={() => open()} />}
    </Page>
  );
}
