import { Button, Drawer } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useSeenRecords } from "~/api/access";
import { useObject } from "~/api/queries";
import type { Refs } from "~/api/types";
import classes from "~/access/access.module.css";
import { Reasons } from "~/access/Reasons";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";

/** The records of one kind that a person sees, each with why. */
export function SeenRecords({ person, personName, object, refs, onClose }: { person: string; personName: string; object: string; refs: Refs; onClose: () => void }) {
  const { t } = useTranslation("access");
  const label = useLabel();
  const definition = useObject(object);
  const list = useSeenRecords(person, object);
  const known: Refs = Object.assign({ ...refs }, ...(list.data?.pages ?? []).map((page) => page.refs)) as Refs;
  return (
    <Drawer opened position="right" size={520} onClose={onClose} title={t("sightList", { objects: label(definition?.plural), name: personName })}>
      {list.isError && <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <RowSkeletons rows={8} />}
      <ul className={classes.records}>
        {list.data?.pages.flatMap((page) =>
          page.items.map((item) => (
            <li key={item.id}>
              <Link to="/o/$object/$id" params={{ object, id: item.id }}>
                {String(item.fields[definition?.name_field ?? "name"] ?? "…")}
              </Link>
              <Reasons reasons={item.reasons} refs={known} owner={typeof item.fields.owner === "string" ? item.fields.owner : undefined} />
            </li>
          )),
        )}
      </ul>
      {list.data && !list.hasNextPage && list.data.pages.every((page) => page.items.length === 0) && <p className={classes.fine}>{t("sightNoneKnown")}</p>}
      {list.hasNextPage && (
        <Button variant="default" mt="sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </Drawer>
  );
}
