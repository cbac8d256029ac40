import { Alert, Button, Select, TextInput } from "@mantine/core";
import { IconHourglass, IconSearch, IconShieldCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { searchDuplicates, type Sought } from "~/api/duplicates";
import { ApiProblem } from "~/api/http";
import { useMe, useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { navigableObjects } from "~/shell/places";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { CreateWith } from "./CreateWith";
import classes from "./duplicates.module.css";
import { FoundByObject } from "./FoundByObject";
import { mayCheck } from "./mayCheck";

/** What exists already, before one begins: one field for whatever is known, over all objects that rules cover. */
export function CheckTool() {
  const { t } = useTranslation("duplicates");
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const navigate = useNavigate();
  const asked = useSearch({ strict: false }) as { text?: string; object?: string };
  const [text, setText] = useState(asked.text ?? "");
  const [object, setObject] = useState<string | null>(asked.object ?? null);
  const search = useMutation({ mutationFn: searchDuplicates });
  const look = (sought: Sought) => search.mutate(sought);
  // Who is led here with something to look for need not press.
  useEffect(() => {
    if (asked.text) look({ text: asked.text, object: asked.object });
    // Only on arriving.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  if (!mayCheck(me)) return <EmptyState title={t("toolNoRight")} />;
  const submit = () => {
    const sought = { text: text.trim(), object: object ?? undefined };
    if (!sought.text) return;
    void navigate({ to: "/duplicates", search: { text: sought.text, ...(sought.object ? { object: sought.object } : {}) }, replace: true });
    look(sought);
  };
  const tooOften = search.error instanceof ApiProblem && search.error.status === 429 ? search.error : undefined;
  const minutes = tooOften?.retryAfter && Math.ceil(tooOften.retryAfter / 60);
  const found = search.data;
  const sought = search.variables?.text ?? "";
  return (
    <Page title={t("tool")} above={t("toolHint")} narrow>
      <form
        className={classes.toolForm}
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextInput className={classes.toolText} label={t("toolText")} placeholder={t("toolPlaceholder")} autoFocus leftSection={<IconSearch size={16} stroke={1.7} />} value={text} onChange={(event) => setText(event.currentTarget.value)} />
        <Select label={t("toolWhere")} w={180} clearable placeholder={t("toolEverywhere")} data={navigableObjects(objects).filter((it) => me.acts[it.key]?.includes("duplicate_tool")).map((it) => ({ value: it.key, label: label(it.plural) }))} value={object} onChange={setObject} />
        <Button type="submit" loading={search.isPending} disabled={text.trim() === ""}>
          {t("toolSearch")}
        </Button>
      </form>
      <div aria-live="polite">
        {tooOften && (
          <Alert variant="light" mt="md" role="alert" icon={<IconHourglass size={18} />} styles={{ root: { background: "var(--warn-ground)" }, icon: { color: "var(--warn)" }, message: { color: "var(--ink)" } }}>
            {minutes ? t("toolTooOftenIn", { count: minutes }) : t("toolTooOften")}
          </Alert>
        )}
        {search.isError && !tooOften && <ErrorState error={search.error} onRetry={submit} />}
        {search.isPending && <RowSkeletons rows={4} height={46} />}
        {search.isIdle && (
          <EmptyState icon={<IconSearch size={32} stroke={1.4} />} title={t("toolEmptyTitle")}>
            {t("toolEmptyText")}
          </EmptyState>
        )}
        {found && found.items.length === 0 && (
          <EmptyState icon={<IconShieldCheck size={32} stroke={1.4} />} title={t("toolNoneTitle", { text: sought })} action={<CreateWith text={sought} object={search.variables?.object} />}>
            {t("toolNoneText")}
          </EmptyState>
        )}
        {found && found.items.length > 0 && (
          <>
            <FoundByObject hits={found.items} refs={found.refs} />
            <CreateWith text={sought} object={search.variables?.object} />
          </>
        )}
      </div>
    </Page>
  );
}
