import { Badge, Button, Combobox, useCombobox } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconChevronDown, IconCopy, IconDeviceFloppy, IconPencil, IconRecycle, IconTrash, IconUsers } from "@tabler/icons-react";
import { lazy, Suspense, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "~/api/queries";
import type { ObjectDef } from "~/api/types";
import { useDeleteView, useSaveView, type View, type ViewDraft, type Views } from "~/api/views";
import { useLabel } from "~/i18n";
import { messageOf } from "~/api/problem";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import classes from "./views.module.css";

const ViewDialog = lazy(() => import("./ViewDialog").then((room) => ({ default: room.ViewDialog })));

const NONE: Views = { items: [], default: null };

type Asking = { what: "new" | "duplicate"; draft: ViewDraft } | { what: "edit"; view: View } | { what: "delete"; view: View };

type Props = {
  object: ObjectDef;
  /** `undefined` while they load. */
  views: Views | undefined;
  view: View | undefined;
  changed: boolean;
  /** What is shown now, to be kept. */
  present: Pick<ViewDraft, "filter" | "columns" | "sort" | "group">;
  onChoose: (view: View | undefined) => void;
  onDiscard: () => void;
  /** Whether the recycle bin is shown, and the way there; absent for those who may not restore. */
  bin?: { shown: boolean; onOpen: () => void };
};

/** Which view is shown and the way to another (`picker`), and what to do with changes made over it (`changes`). */
export function useViewPicker({ object, views = NONE, view, changed, present, onChoose, onDiscard, bin }: Props): { picker: ReactNode; changes: ReactNode } {
  const { t } = useTranslation("views");
  const label = useLabel();
  const me = useMe();
  const [asking, setAsking] = useState<Asking>();
  const [typed, setTyped] = useState("");
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setTyped("");
    },
  });
  const save = useSaveView(object.key);
  const remove = useDeleteView(object.key);
  const all = t("all", { objects: label(object.plural).toLowerCase() });
  const draft = (name: string, more: Partial<ViewDraft> = {}): ViewDraft => ({ object: object.key, kind: "table", name, sharing: { scope: "private", roles: [] }, default_for: [], ...present, ...more });
  const told = (name: string) => notifications.show({ message: t("saved", { name }), color: "brand" });

  const keep = (over: View) =>
    save.mutate(
      { id: over.id, version: over.version, draft: { ...present, object: over.object, kind: over.kind, name: over.name, sharing: over.sharing, default_for: over.default_for } },
      {
        onSuccess: (saved) => {
          told(saved.name);
          onChoose(saved);
        },
        onError: (error) => notifications.show({ message: messageOf(error), color: "red" }),
      },
    );

  const acts: { key: string; icon: ReactNode; act: () => void }[] = [
    { key: "saveNew", icon: <IconDeviceFloppy size={15} stroke={1.7} />, act: () => setAsking({ what: "new", draft: draft("") }) },
    ...(view?.can.includes("edit") ? [{ key: "rename", icon: <IconPencil size={15} stroke={1.7} />, act: () => setAsking({ what: "edit", view }) }] : []),
    ...(view ? [{ key: "duplicate", icon: <IconCopy size={15} stroke={1.7} />, act: () => setAsking({ what: "duplicate", draft: draft(t("copyOf", { name: view.name }), { filter: view.filter, columns: view.columns, sort: view.sort, group: view.group }) }) }] : []),
    ...(view?.can.includes("delete") ? [{ key: "delete", icon: <IconTrash size={15} stroke={1.7} />, act: () => setAsking({ what: "delete", view }) }] : []),
  ];

  const shown = bin?.shown ? t("bin") : (view?.name ?? all);
  const words = typed.trim().toLowerCase();
  const fits = (name: string) => name.toLowerCase().includes(words);
  const mine = views.items.filter((it) => it.mine && fits(it.name));
  const shared = views.items.filter((it) => !it.mine && fits(it.name));
  const option = (it: View) => (
    <Combobox.Option key={it.id} value={`view:${it.id}`} active={it.id === view?.id}>
      <span className={classes.option}>
        <span className={classes.check}>{it.id === view?.id && <IconCheck size={14} aria-hidden />}</span>
        <span className={classes.optionName}>{it.name}</span>
        {it.mine && it.sharing.scope !== "private" && <IconUsers size={14} className={classes.faint} aria-label={t("shared")} />}
        {it.id === views.default && (
          <Badge size="xs" color="gray">
            {t("default")}
          </Badge>
        )}
      </span>
    </Combobox.Option>
  );

  const submit = (value: string) => {
    combobox.closeDropdown();
    if (value === "all") return onChoose(undefined);
    if (value === "bin") return bin?.onOpen();
    const [kind, key] = value.split(":");
    if (kind === "view") onChoose(views.items.find((it) => it.id === key));
    else acts.find((it) => it.key === key)?.act();
  };

  const picker = (
    <>
      <Combobox store={combobox} onOptionSubmit={submit} width={290} position="bottom-start" resetSelectionOnOptionHover>
        <Combobox.Target targetType="button">
          <Button variant="default" className={classes.picker} rightSection={<IconChevronDown size={15} stroke={1.8} />} onClick={() => combobox.toggleDropdown()} aria-label={`${t("view")}: ${shown}`}>
            {shown}
          </Button>
        </Combobox.Target>
        <Combobox.Dropdown>
          {views.items.length > 5 && <Combobox.Search role="combobox" aria-expanded={combobox.dropdownOpened} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} placeholder={t("findView")} aria-label={t("findView")} />}
          <Combobox.Options aria-label={t("view")} className={classes.options}>
            {fits(all) && (
              <Combobox.Option value="all" active={!view && !bin?.shown}>
                <span className={classes.option}>
                  <span className={classes.check}>{!view && !bin?.shown && <IconCheck size={14} aria-hidden />}</span>
                  <span className={classes.optionName}>{all}</span>
                </span>
              </Combobox.Option>
            )}
            {mine.length > 0 && <Combobox.Group label={t("mine")}>{mine.map(option)}</Combobox.Group>}
            {shared.length > 0 && <Combobox.Group label={t("shared")}>{shared.map(option)}</Combobox.Group>}
            {words && mine.length + shared.length === 0 && !fits(all) && !(bin && fits(t("bin"))) && <Combobox.Empty>{t("none")}</Combobox.Empty>}
            {bin && fits(t("bin")) && (
              <div className={classes.acts}>
                <Combobox.Option value="bin" active={bin.shown}>
                  <span className={classes.option}>
                    <span className={classes.check}>{bin.shown ? <IconCheck size={14} aria-hidden /> : <IconRecycle size={15} stroke={1.7} />}</span>
                    <span className={classes.optionName}>{t("bin")}</span>
                  </span>
                </Combobox.Option>
              </div>
            )}
            {!words && !bin?.shown && (
              <div className={classes.acts}>
                {acts.map((it) => (
                  <Combobox.Option key={it.key} value={`act:${it.key}`}>
                    <span className={classes.option}>
                      <span className={classes.check}>{it.icon}</span>
                      {t(it.key as "saveNew")}
                    </span>
                  </Combobox.Option>
                ))}
              </div>
            )}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>

      {asking && asking.what !== "delete" && (
        <Suspense fallback={null}>
          <ViewDialog
            title={t(asking.what === "edit" ? "editTitle" : "newTitle")}
            view={asking.what === "edit" ? asking.view : undefined}
            draft={asking.what === "edit" ? draft(asking.view.name, asking.view) : asking.draft}
            mayShare={me.admin}
            onClose={() => setAsking(undefined)}
            onSaved={(saved) => {
              told(saved.name);
              if (asking.what !== "edit") onChoose(saved);
            }}
          />
        </Suspense>
      )}
      <ConfirmDialog
        opened={asking?.what === "delete"}
        onClose={() => setAsking(undefined)}
        title={t("deleteTitle", { name: asking?.what === "delete" ? asking.view.name : "" })}
        text={t("deleteText")}
        confirm={t("delete", { ns: "ui" })}
        danger
        onConfirm={async () => {
          if (asking?.what !== "delete") return;
          await remove.mutateAsync(asking.view);
          notifications.show({ message: t("deleted", { name: asking.view.name }), color: "brand" });
          onChoose(undefined);
        }}
      />
    </>
  );
  const changes = changed && (
    <div className={classes.changed} role="status">
      <span className={classes.mark} title={t("changed")}>{t("changed")}</span>
      {view?.can.includes("edit") && (
        <Button size="compact-sm" variant="light" loading={save.isPending} onClick={() => keep(view)}>
          {t("save")}
        </Button>
      )}
      <Button size="compact-sm" variant={view ? "subtle" : "light"} onClick={() => setAsking({ what: "new", draft: draft("") })}>
        {t("saveAs")}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={onDiscard}>
        {t("discard")}
      </Button>
    </div>
  );
  return { picker, changes };
}
