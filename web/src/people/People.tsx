import { ActionIcon, Badge, Button, Group, Menu, SegmentedControl, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconDots, IconPencil, IconPlus, IconKey, IconSearch } from "@tabler/icons-react";
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
import { PasswordDialog } from "./PasswordDialog";
import { PersonDialog } from "./PersonDialog";
import { SecurityDialog } from "./SecurityDialog";
import { SecurityItem } from "./SecurityItem";
import classes from "./people.module.css";

const ACTIVE: Condition = { field: "active", op: "eq", value: true };

/** The employees of the organisation. */
export function People() {
  const { t } = useTranslation("people");
  const label = useLabel();
  const me = useMe();
  const roles = useObject("employee")?.fields.find((field) => field.key === "roles")?.options ?? [];
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const [all, setAll] = useState(false);
  const [edited, setEdited] = useState<Rec | "new">();
  const [unlocked, setUnlocked] = useState<Rec>();
  const [secured, setSecured] = useState<Rec>();
  const acts = me.acts["employee"] ?? [];
  const list = useRecordList("employee", { q: q || undefined, sort: "name", filter: all ? undefined : ACTIVE, count: "exact", limit: 100 });
  const rows = rowsOf(list.data);
  const count = list.data?.pages[0]?.count;
  const nameOf = (row: Rec, key: string) => {
    const id = row.fields[key];
    return typeof id === "string" ? (row.refs?.[id]?.name ?? "") : "";
  };

  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        <>
          <SegmentedControl
            aria-label={t("which")}
            data={[
              { value: "active", label: t("showActive") },
              { value: "all", label: t("showAll") },
            ]}
            value={all ? "all" : "active"}
            onChange={(which) => setAll(which === "all")}
          />
          <TextInput
            type="search"
            aria-label={t("search")}
            placeholder={t("search")}
            leftSection={<IconSearch size={15} />}
            w={190}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {acts.includes("create") && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited("new")}>
              {t("newPerson")}
            </Button>
          )}
        </>
      }
    >
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <RowSkeletons />}
      {list.isSuccess && rows.length === 0 && <EmptyState title={t("none")} />}
      {rows.length > 0 && (
        <div className={classes.frame}>
          <Table.ScrollContainer minWidth={760}>
            <Table verticalSpacing={7} horizontalSpacing="md" fz="sm" highlightOnHover>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("name")}</Table.Th>
                  <Table.Th>{t("position")}</Table.Th>
                  <Table.Th>{t("department")}</Table.Th>
                  <Table.Th>{t("manager")}</Table.Th>
                  <Table.Th>{t("roles")}</Table.Th>
                  <Table.Th w={48} aria-label={t("edit")} />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {rows.map((row) => {
                  const name = String(row.fields["name"] ?? "");
                  const held = Array.isArray(row.fields["roles"]) ? (row.fields["roles"] as string[]) : [];
                  return (
                    <Table.Tr key={row.id}>
                      <Table.Td>
                        <Group gap="sm" wrap="nowrap">
                          <Avatar name={name} size={28} />
                          <div>
                            <Text size="sm" fw={600}>
                              {name}{" "}
                              {row.fields["active"] === false && (
                                <Badge color="gray" size="sm">
                                  {t("inactive")}
                                </Badge>
                              )}
                            </Text>
                            <Text size="xs" c="dimmed">
                              {String(row.fields["email"] ?? "")}
                            </Text>
                          </div>
                        </Group>
                      </Table.Td>
                      <Table.Td>{String(row.fields["title"] ?? "")}</Table.Td>
                      <Table.Td>{nameOf(row, "department")}</Table.Td>
                      <Table.Td>{nameOf(row, "manager")}</Table.Td>
                      <Table.Td>
                        <Group gap={4}>
                          {held.map((key) => (
                            <Badge key={key}>{label(roles.find((role) => role.key === key)?.label) || key}</Badge>
                          ))}
                        </Group>
                      </Table.Td>
                      <Table.Td>
                        {(acts.includes("edit") || me.admin) && (
                          <Menu position="bottom-end">
                            <Menu.Target>
                              <ActionIcon aria-label={t("acts", { name })}>
                                <IconDots size={16} />
                              </ActionIcon>
                            </Menu.Target>
                            <Menu.Dropdown>
                              {acts.includes("edit") && (
                                <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setEdited(row)}>
                                  {t("edit")}
                                </Menu.Item>
                              )}
                              {me.admin && (
                                <Menu.Item leftSection={<IconKey size={15} />} onClick={() => setUnlocked(row)}>
                                  {t("setPassword")}
                                </Menu.Item>
                              )}
                              {me.admin && <SecurityItem onOpen={() => setSecured(row)} />}
                            </Menu.Dropdown>
                          </Menu>
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
      {edited && <PersonDialog person={edited === "new" ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {secured && <SecurityDialog person={{ id: secured.id, name: String(secured.fields["name"] ?? "") }} onClose={() => setSecured(undefined)} />}
      {unlocked && <PasswordDialog person={unlocked} onClose={() => setUnlocked(undefined)} />}
    </Page>
  );
}
