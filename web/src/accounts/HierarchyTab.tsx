import { Alert, Button, Group, Text } from "@mantine/core";
import { IconBuilding, IconPlus, IconSitemap } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Rec } from "~/api/types";
import { nameOf, RecordDialog } from "~/records/RecordDialog";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { hierarchyOf } from "./api";
import classes from "./hierarchy.module.css";
import { ParentDialog } from "./ParentDialog";
import { Tree } from "./Tree";

const SHOWN = 200;
const MOST = 500;

type Named = { id: string; name: string };

/** The group of companies in which an account is, with what each, and each with all below it, has open, has won and has ordered. */
export function HierarchyTab({ account }: { account: Rec }) {
  const { t } = useTranslation("accounts");
  const object = useObject("account");
  const [limit, setLimit] = useState(SHOWN);
  const [placing, setPlacing] = useState<Named>();
  const [addingTo, setAddingTo] = useState<Named>();
  const tree = useQuery({ ...hierarchyOf(account.id, limit), placeholderData: keepPreviousData });
  if (tree.isError) return <ErrorState compact error={tree.error} onRetry={() => void tree.refetch()} />;
  if (!tree.data || !object) return <RowSkeletons rows={4} />;
  const { nodes, accounts, more, complete, main_currency: currency } = tree.data;
  const parent = object.fields.find((field) => field.key === "parent");
  const mayPlace = object.acts.includes("edit") && parent?.access === "write";
  const mayAdd = object.acts.includes("create") && parent?.access === "write";
  const self = { id: account.id, name: nameOf(object, account) };
  const alone = nodes.length <= 1 && !more;

  return (
    <section className={classes.room} aria-label={t("tab")}>
      {alone && (
        <EmptyState
          icon={<IconSitemap size={30} stroke={1.4} />}
          title={t("aloneTitle")}
          action={
            (mayPlace && account.can?.includes("edit")) || mayAdd ? (
              <Group gap="xs" justify="center">
                {mayPlace && account.can?.includes("edit") && (
                  <Button variant="default" size="compact-md" leftSection={<IconBuilding size={15} />} onClick={() => setPlacing(self)}>
                    {t("changeParent")}
                  </Button>
                )}
                {mayAdd && (
                  <Button variant="default" size="compact-md" leftSection={<IconPlus size={15} />} onClick={() => setAddingTo(self)}>
                    {t("addBelow")}
                  </Button>
                )}
              </Group>
            ) : undefined
          }
        >
          {t(mayPlace || mayAdd ? "alone" : "aloneReads")}
        </EmptyState>
      )}
      {!alone && (
        <Text size="sm" c="dimmed">
          {t("hint", { currency })}
        </Text>
      )}
      {nodes.length > 0 && (
        <>
          <Tree nodes={nodes} here={account.id} currency={currency} onPlace={mayPlace ? setPlacing : undefined} onAdd={mayAdd ? setAddingTo : undefined} />
          {more && (
            <Group gap="sm">
              <Text size="sm" c="dimmed">
                {t("onlySome", { shown: nodes.length, count: accounts })}
              </Text>
              {limit < MOST && (
                <Button size="compact-sm" variant="subtle" loading={tree.isFetching} onClick={() => setLimit(MOST)}>
                  {t("showMore")}
                </Button>
              )}
            </Group>
          )}
          {!complete && <Alert color="yellow">{t("incomplete", { count: accounts })}</Alert>}
        </>
      )}
      {placing && <ParentDialog id={placing.id} name={placing.name} onClose={() => setPlacing(undefined)} />}
      {addingTo && <RecordDialog object={object} given={{ parent: addingTo.id }} refs={{ [addingTo.id]: { object: "account", name: addingTo.name } }} onClose={() => setAddingTo(undefined)} />}
    </section>
  );
}
