import { DragDropProvider, DragOverlay } from "@dnd-kit/react";
import { Button, Drawer, Group, Text, TextInput } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck, IconFileImport, IconPlus, IconSearch } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe, useObject } from "~/api/queries";
import type { Rec } from "~/api/types";
import { RecordDialog } from "~/records/RecordDialog";
import { ownWords } from "~/ui/dragging";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { DepartmentPanel } from "./DepartmentPanel";
import { DepartmentTree, TOP } from "./DepartmentTree";
import { PeopleTabs } from "./PeopleTabs";
import classes from "./tree.module.css";
import { linesOf, type Department } from "./tree";
import { reasonsOf, useDepartments, useMoveInto, type Moving } from "./useDepartments";

const UNDO_TIME = 10_000;

type Carried = { object: "department"; department: Department } | { object: "employee"; person: Rec };

/** The organisation as a tree: departments are moved under each other, people between them. */
export function Departments() {
  const { t } = useTranslation("people");
  const me = useMe();
  const navigate = useNavigate();
  const object = useObject("department");
  const narrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const { department: chosen } = useSearch({ strict: false }) as { department?: string };
  const departments = useDepartments();
  const moveInto = useMoveInto();
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [words, setWords] = useState("");
  const [adding, setAdding] = useState<{ parent?: string }>();
  const acts = me.acts["department"] ?? [];
  const items = useMemo(() => departments.data?.items ?? [], [departments.data]);
  const lines = useMemo(() => linesOf(items, folded, words), [items, folded, words]);
  const shown = items.find((it) => it.id === chosen);
  const choose = (id?: string) => void navigate({ to: "/admin/people/departments", search: id ? { department: id } : {}, replace: true });
  const nameOf = (id: string | null) => (id === null ? me.organisation.name : (items.find((it) => it.id === id)?.name ?? ""));

  const refused = (error: unknown) => notifications.show({ color: "red", icon: <IconAlertTriangle size={18} />, title: t("notMoved"), message: reasonsOf(error) });
  const move = async (moving: Moving[], from: string | null) => {
    const moved: Moving[] = [];
    for (const one of moving) {
      try {
        await moveInto.mutateAsync(one);
        moved.push(one);
      } catch (error) {
        refused(error);
      }
    }
    if (moved.length > 0) tell(moved, from);
  };
  const tell = (moved: Moving[], from: string | null) => {
    const notice = `moved-${moved[0]!.id}`;
    const undo = async () => {
      notifications.hide(notice);
      try {
        for (const one of moved) await moveInto.mutateAsync({ ...one, to: from });
        notifications.show({ icon: <IconCheck size={18} />, message: t("movedBack", { name: moved[0]!.name, count: moved.length }) });
      } catch (error) {
        refused(error);
      }
    };
    notifications.show({
      id: notice,
      icon: <IconCheck size={18} />,
      autoClose: UNDO_TIME,
      message: (
        <Group justify="space-between" wrap="nowrap" gap="sm">
          <Text size="sm">{moved.length === 1 ? t("movedOne", { name: moved[0]!.name, to: nameOf(moved[0]!.to) }) : t("movedSome", { count: moved.length, to: nameOf(moved[0]!.to) })}</Text>
          <Button size="compact-sm" variant="light" flex="none" onClick={() => void undo()}>
            {t("undo")}
          </Button>
        </Group>
      ),
    });
  };
  const dropDepartment = (department: Department, to: string | null) => {
    if (department.parent === to || department.id === to) return;
    void move([{ object: "department", id: department.id, name: department.name, to }], department.parent);
  };
  const dropped = (carried: Carried, to: string | null) => {
    if (carried.object === "department") return dropDepartment(carried.department, to);
    const { person } = carried;
    const from = typeof person.fields["department"] === "string" ? person.fields["department"] : null;
    if (to !== null && to !== from) void move([{ object: "employee", id: person.id, name: String(person.fields["name"] ?? ""), to }], from);
  };

  const panel = shown && departments.data && (
    <DepartmentPanel key={shown.id} department={shown} all={items} refs={departments.data.refs} onMove={(moving, from) => void move(moving, from)} onAdd={(parent) => setAdding({ parent })} onVoided={() => choose()} />
  );
  return (
    <Page
      title={t("tab_departments")}
      above={t("departmentsHint")}
      actions={
        <>
          {acts.includes("import") && (
            <Button component={Link} to="/imports" variant="default" leftSection={<IconFileImport size={16} />}>
              {t("import")}
            </Button>
          )}
          {acts.includes("create") && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding({})}>
              {t("newDepartment")}
            </Button>
          )}
        </>
      }
      below={<PeopleTabs />}
    >
      {departments.isError && <ErrorState error={departments.error} onRetry={() => void departments.refetch()} />}
      {departments.isPending && <RowSkeletons />}
      {departments.data && (
        <DragDropProvider
          plugins={ownWords}
          sensors={[]}
          onDragEnd={(event) => {
            const { source, target } = event.operation;
            if (event.canceled || !source || !target) return;
            const to = target.id === TOP ? null : (target.data as { department?: string }).department;
            if (to !== undefined) dropped(source.data as Carried, to);
          }}
        >
          <div className={classes.screen}>
            <div className={classes.box}>
              <div className={classes.search}>
                <TextInput type="search" size="sm" aria-label={t("searchDepartments")} placeholder={t("searchDepartments")} leftSection={<IconSearch size={15} />} value={words} onChange={(event) => setWords(event.currentTarget.value)} />
              </div>
              {lines.length === 0 ? (
                <EmptyState title={words ? t("noneFound") : t("noDepartments")} />
              ) : (
                <DepartmentTree
                  lines={lines}
                  refs={departments.data.refs}
                  organisation={me.organisation.name}
                  chosen={chosen}
                  mayMove={acts.includes("edit")}
                  onFold={(id, fold) => setFolded((now) => new Set(fold ? [...now, id] : [...now].filter((it) => it !== id)))}
                  onChoose={choose}
                  onDrop={dropDepartment}
                />
              )}
              {(departments.data.without_department ?? 0) > 0 && <div className={classes.nowhere}>{t("withoutDepartment", { count: departments.data.without_department ?? 0 })}</div>}
            </div>
            {!narrow && <div className={classes.box}>{panel ?? <EmptyState title={t("chooseDepartment")} />}</div>}
            {narrow && (
              <Drawer opened={shown !== undefined} onClose={() => choose()} position="bottom" size="80%" title={null} closeButtonProps={{ "aria-label": t("close") }}>
                {panel}
              </Drawer>
            )}
          </div>
          <DragOverlay>
            {(source) => {
              const carried = source.data as Carried;
              return <div className={classes.carried}>{carried.object === "department" ? carried.department.name : String(carried.person.fields["name"] ?? "")}</div>;
            }}
          </DragOverlay>
        </DragDropProvider>
      )}
      {adding && object && <RecordDialog object={object} given={adding.parent ? { parent: adding.parent } : undefined} refs={named(items, adding.parent)} onClose={() => setAdding(undefined)} onSaved={(record) => choose(record.id)} />}
    </Page>
  );
}

function named(items: Department[], id: string | undefined) {
  const department = items.find((it) => it.id === id);
  return department && { [department.id]: { object: "department", name: department.name } };
}
