import { Alert, Button, Group, Menu, MultiSelect, SegmentedControl, Select, Text } from "@mantine/core";
import { IconLayoutList, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAfterDefinition, useChangeObject, type Definition, type Layout } from "~/api/definitions";
import { ApiProblem, get } from "~/api/http";
import { messageOf } from "~/api/problem";
import { keys } from "~/api/queries";
import type { Label, Role } from "~/api/types";
import { isReckoned } from "~/fields/draft";
import { i18next, useLabel } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { LayoutEditor } from "./LayoutEditor";
import { LayoutPreview } from "./LayoutPreview";
import { draftOfLayout, layoutOfDraft, type LayoutDraft } from "./layoutMoves";
import { Meanwhile } from "./Meanwhile";
import { presentOf, same, writeOver } from "./meanwhile";
import { told } from "./told";
import classes from "./objects.module.css";

const said = (key: "sectionAbout" | "sectionFigures"): Label => ({ en: i18next.getFixedT("en", "records")(key), "zh-CN": i18next.getFixedT("zh-CN", "records")(key) });

/** What an administrator begins with: the form as it is without a layout. */
function firstLayout(object: Definition, roles: string[]): Layout {
  const ordinary = object.fields.filter((field) => field.state === "live" && !field.system);
  const reckoned = ordinary.filter((field) => field.read_only || isReckoned(field));
  const filled = ordinary.filter((field) => !reckoned.includes(field));
  return {
    roles,
    sections: [
      { label: said("sectionAbout"), fields: filled.map((field) => field.key), collapsed: false },
      ...(reckoned.length > 0 ? [{ label: said("sectionFigures"), fields: reckoned.map((field) => field.key), collapsed: false }] : []),
    ],
  };
}

/** How forms are laid out: one way for everybody, others for those of some roles. */
export function LayoutsTab({ object }: { object: Definition }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const roles = useQuery({ queryKey: keys.roles, queryFn: () => get<{ items: Role[] }>("/roles"), staleTime: 60_000 }).data?.items ?? [];
  const live = object.fields.filter((field) => field.state === "live").map((field) => field.key);
  // What is put aside keeps its place, for when it comes back.
  const gone = object.fields.filter((field) => field.state !== "live").map((field) => field.key);
  const begin = (from: Definition) => from.layouts.map((layout) => draftOfLayout(layout, live, gone));
  const [drafts, setDrafts] = useState<LayoutDraft[]>(() => begin(object));
  const [changed, setChanged] = useState(false);
  // What the person saw when the first change was begun; until then it is what there is.
  const [base, setBase] = useState(object);
  const fields = live.join() !== base.fields.filter((field) => field.state === "live").map((field) => field.key).join();
  if (!changed && base !== object && (fields || !same(base.layouts, object.layouts) || base.version !== object.version)) {
    setBase(object);
    if (fields || !same(base.layouts, object.layouts)) setDrafts(begin(object));
  }
  const [theirs, setTheirs] = useState<LayoutDraft[]>();
  const [shown, setShown] = useState(0);
  const [preview, setPreview] = useState(false);
  const save = useChangeObject(object.key);
  const draft = (theirs ?? drafts)[Math.min(shown, (theirs ?? drafts).length - 1)];
  const present = presentOf(save.error);
  const client = useAfterDefinition();

  const change = (next: LayoutDraft[]) => {
    save.reset();
    setChanged(true);
    setDrafts(next);
  };
  const add = (forRoles: string[]) => {
    const base = drafts.find((it) => it.roles.length === 0);
    const layout = base ? { ...layoutOfDraft(base), roles: forRoles } : firstLayout(object, forRoles);
    change([...drafts, draftOfLayout(layout, live, gone)]);
    setShown(drafts.length);
  };
  const submit = (over: Definition) =>
    void writeOver(over.version, (now) => same(now.layouts, over.layouts), (version) => save.mutateAsync({ body: { layouts: drafts.map(layoutOfDraft) }, version })).then(
      () => {
        setChanged(false);
        setTheirs(undefined);
        told(t("layoutSaved"));
      },
      () => undefined,
    );
  const free = roles.filter((role) => !drafts.some((it) => it.roles.includes(role.key)));
  const nameOf = (it: LayoutDraft) =>
    it.roles.length === 0 ? t(drafts.length === 1 ? "layoutEverybody" : "layoutDefault") : it.roles.map((key) => label(roles.find((role) => role.key === key)?.name) || key).join(", ");
  const isDefault = draft?.roles.length === 0 && drafts.findIndex((it) => it.roles.length === 0) === drafts.indexOf(draft);

  if (!draft) {
    return (
      <EmptyState icon={<IconLayoutList size={32} stroke={1.4} />} title={t("layoutNone")} action={<Button onClick={() => add([])}>{t("layoutBegin")}</Button>}>
        {t("layoutsHint")}
      </EmptyState>
    );
  }
  return (
    <>
      <Text size="sm" c="dimmed" mb="sm">
        {t("layoutsHint")}
      </Text>
      <div className={classes.bar}>
        <Select
          aria-label={t("layoutFor")}
          w={230}
          allowDeselect={false}
          data={(theirs ?? drafts).map((it, index) => ({ value: String(index), label: nameOf(it) }))}
          value={String((theirs ?? drafts).indexOf(draft))}
          onChange={(index) => setShown(Number(index))}
        />
        <Menu position="bottom-start" width={240}>
          <Menu.Target>
            <Button variant="default" leftSection={<IconPlus size={15} />} disabled={free.length === 0 || theirs !== undefined}>
              {t("layoutNew")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {free.map((role) => (
              <Menu.Item key={role.key} onClick={() => add([role.key])}>
                {label(role.name)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
        <SegmentedControl
          aria-label={t("layoutPreview")}
          value={preview ? "preview" : "arrange"}
          onChange={(which) => setPreview(which === "preview")}
          data={[
            { value: "arrange", label: t("layoutArrange") },
            { value: "preview", label: t("layoutPreview") },
          ]}
        />
        <Group gap="sm">
          {changed && (
            <Button
              variant="default"
              onClick={() => {
                setDrafts(begin(object));
                setTheirs(undefined);
                setChanged(false);
                save.reset();
              }}
            >
              {t("discard")}
            </Button>
          )}
          <Button
            disabled={!changed || present !== undefined}
            loading={save.isPending}
            onClick={() => submit(base)}
          >
            {t("save")}
          </Button>
        </Group>
      </div>
      {present && (
        <Meanwhile
          rows={[]}
          text={t("meanwhileLayouts")}
          busy={save.isPending}
          onKeepMine={() => submit(present)}
          onTakeTheirs={() => {
            setTheirs(undefined);
            setDrafts(begin(present));
            setBase(present);
            setChanged(false);
            save.reset();
            void client(object.key);
          }}
        >
          <Button size="compact-md" variant="subtle" onClick={() => setTheirs(theirs ? undefined : begin(present))}>
            {t(theirs ? "seeMine" : "seeTheirs")}
          </Button>
        </Meanwhile>
      )}
      {save.isError && !present && (
        <Alert color="red" variant="light" role="alert" mb="sm" title={t("refused")}>
          {save.error instanceof ApiProblem && save.error.violations.length > 0 ? save.error.violations.map((it, index) => <div key={index}>{it.message}</div>) : messageOf(save.error)}
        </Alert>
      )}
      {!isDefault && !theirs && (
        <Group align="flex-end" gap="sm" mb="md">
          <MultiSelect
            label={t("layoutRoles")}
            description={t("layoutRolesHint")}
            miw={280}
            data={roles.map((role) => ({ value: role.key, label: label(role.name) }))}
            value={draft.roles}
            onChange={(chosen) => change(drafts.map((it) => (it === draft ? { ...it, roles: chosen } : it)))}
          />
          <Button variant="subtle" color="red" onClick={() => change(drafts.filter((it) => it !== draft))}>
            {t("layoutRemove")}
          </Button>
        </Group>
      )}
      {preview || theirs ? <LayoutPreview object={object.key} draft={draft} /> : <LayoutEditor fields={object.fields} draft={draft} onChange={(next) => change(drafts.map((it) => (it === draft ? next : it)))} />}
    </>
  );
}
