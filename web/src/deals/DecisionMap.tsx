import type { Draggable } from "@dnd-kit/dom";
import { DragDropProvider, DragOverlay, useDraggable, useDroppable } from "@dnd-kit/react";
import { Button, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlus, IconSitemap } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isConflict } from "~/api/problem";
import { recordQuery, useAfterWrite, useObject } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { RecordDialog } from "~/records/RecordDialog";
import { ownWords, pointerExcept } from "~/ui/dragging";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { toldOfRefusal, toldWithUndo } from "~/ui/undoable";
import { AddPerson } from "./AddPerson";
import { mapOf, restoreRecord, ROLE, useRoleChange, voidRecord, type DecisionMap as Drawn, type RoleChange } from "./api";
import { Clash, type Clashing } from "./Clash";
import { branchesOf, type Branch, type Person } from "./map";
import { PersonCard, type CardProps } from "./PersonCard";
import classes from "./map.module.css";

const pointer = pointerExcept("button");
/** Where one drops whoever reports to nobody. */
const FREE = "free";

/** Who has a say in a deal, drawn by who reports to whom; everything is said in place. */
export function DecisionMap({ deal }: { deal: Rec }) {
  const { t } = useTranslation("deals");
  const object = useObject(ROLE);
  const map = useQuery(mapOf(deal.id));
  const [adding, setAdding] = useState(false);
  if (map.isError) return <ErrorState compact error={map.error} onRetry={() => void map.refetch()} />;
  if (!map.data || !object) return <RowSkeletons rows={4} />;
  const mayAdd = map.data.can.includes("create");
  const add = mayAdd && (
    <Button variant="default" size="compact-md" leftSection={<IconPlus size={15} />} onClick={() => setAdding(true)}>
      {t("add")}
    </Button>
  );
  return (
    <section className={classes.room} aria-label={t("map")}>
      {map.data.people.length === 0 ? (
        <EmptyState icon={<IconSitemap size={30} stroke={1.4} />} title={t("emptyTitle")} action={add || undefined}>
          {t(mayAdd ? "empty" : "emptyReads")}
        </EmptyState>
      ) : (
        <Drawing map={map.data} object={object} deal={deal} add={add} />
      )}
      {adding && <AddPerson object={object} deal={deal} people={map.data.people} onClose={() => setAdding(false)} />}
    </section>
  );
}

function Drawing({ map, object, deal, add }: { map: Drawn; object: ObjectDef; deal: Rec; add: React.ReactNode }) {
  const { t } = useTranslation("deals");
  const client = useQueryClient();
  const after = useAfterWrite();
  const change = useRoleChange(deal.id);
  const [editing, setEditing] = useState<Rec>();
  const [dragging, setDragging] = useState(false);
  const [clash, setClash] = useState<Clashing>();
  const { people } = map;
  const nameOf = (person: Person) => person.name ?? (person.contact ? map.refs[person.contact]?.name : undefined) ?? t("somebody");
  const mayEdit = map.can.includes("edit");

  const say = (wanted: RoleChange, undoable = wanted.field === "reports_to") => {
    const { person, field, value } = wanted;
    setClash(undefined);
    change.mutate(wanted, {
      onSuccess: ({ record }) => {
        if (!undoable) return;
        const above = people.find((one) => one.id === value);
        toldWithUndo({
          message: t("nowReports", { name: nameOf(person), value: above ? nameOf(above) : t("nobody") }),
          undo: t("undo", { ns: "ui" }),
          onUndo: () => change.mutateAsync({ person: { ...person, [field]: value, version: record.version }, field, value: person[field] ?? null }),
          undone: t("asBefore"),
        });
      },
      onError: (error) => {
        if (isConflict(error) && error.record) setClash({ ...wanted, present: error.record });
        else toldOfRefusal(error);
      },
    });
  };
  const remove = async (person: Person) => {
    try {
      const { record } = await voidRecord(ROLE, person);
      after(record);
      toldWithUndo({ message: t("removed", { name: nameOf(person) }), undo: t("undo", { ns: "ui" }), onUndo: async () => after((await restoreRecord(record)).record), undone: t("backAgain", { name: nameOf(person) }) });
    } catch (error) {
      void client.invalidateQueries({ queryKey: mapOf(deal.id).queryKey });
      toldOfRefusal(error);
    }
  };
  const edit = async (person: Person) => {
    try {
      setEditing(await client.fetchQuery({ ...recordQuery(ROLE, person.id), staleTime: 0 }));
    } catch (error) {
      toldOfRefusal(error);
    }
  };
  const card = { object, people, nameOf, mayEdit, mayVoid: map.can.includes("void"), onChange: say, onEdit: (person: Person) => void edit(person), onRemove: (person: Person) => void remove(person) };
  const movable = mayEdit && object.fields.some((field) => field.key === "reports_to" && field.access === "write");

  return (
    <>
      {map.gaps.length > 0 && <Gaps map={map} nameOf={nameOf} />}
      {clash && (
        <Clash
          clashing={clash}
          object={object}
          name={nameOf(clash.person)}
          nameOf={(id) => people.filter((one) => one.id === id).map(nameOf)[0] ?? t("nobody")}
          onKeep={() => setClash(undefined)}
          onSet={() => say({ ...clash, person: { ...clash.person, version: clash.present.version, [clash.field]: clash.present.fields[clash.field] as string | null } })}
        />
      )}
      <DragDropProvider
        plugins={ownWords}
        sensors={[]}
        onDragStart={() => setDragging(true)}
        onDragEnd={({ canceled, operation: { source, target } }) => {
          setDragging(false);
          if (canceled || !source || !target) return;
          const { person } = source.data as { person: Person };
          const onto = target.id === FREE ? null : (target.data as { person: Person }).person.id;
          if (onto !== person.id && onto !== (person.reports_to ?? null)) say({ person, field: "reports_to", value: onto });
        }}
      >
        <div className={classes.head}>
          {movable ? <FreePlace dragging={dragging} /> : <span />}
          {add}
        </div>
        <div className={classes.scroll}>
          <ul className={classes.trees} aria-label={t("people")}>
            {branchesOf(people).map((branch) => (
              <BranchOf key={branch.person.id} branch={branch} movable={movable} card={card} />
            ))}
          </ul>
        </div>
        <DragOverlay>{(source: Draggable) => <PersonCard {...card} person={(source.data as { person: Person }).person} picture />}</DragOverlay>
      </DragDropProvider>
      {map.more && (
        <Text size="sm" c="dimmed">
          {t("onlySome")}
        </Text>
      )}
      {editing && <RecordDialog object={object} record={editing} onClose={() => setEditing(undefined)} />}
    </>
  );
}

function BranchOf({ branch: { person, below }, movable, card }: { branch: Branch; movable: boolean; card: Omit<CardProps, "person"> }) {
  return (
    <li>
      <Place person={person} movable={movable}>
        <PersonCard {...card} person={person} />
      </Place>
      {below.length > 0 && (
        <ul className={classes.below}>
          {below.map((one) => (
            <BranchOf key={one.person.id} branch={one} movable={movable} card={card} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Place({ person, movable, children }: { person: Person; movable: boolean; children: React.ReactNode }) {
  const drag = useDraggable({ id: person.id, data: { person }, disabled: !movable, sensors: [pointer] });
  const drop = useDroppable({ id: `onto-${person.id}`, data: { person }, disabled: !movable });
  const ref = (element: Element | null) => {
    drag.ref(element);
    drop.ref(element);
  };
  return (
    <div ref={ref} className={classes.place} data-movable={movable || undefined} data-dragging={drag.isDragSource || undefined} data-over={(drop.isDropTarget && !drag.isDragSource) || undefined}>
      {children}
    </div>
  );
}

/** Says how it is done, and while something is dragged takes whoever reports to nobody. */
function FreePlace({ dragging }: { dragging: boolean }) {
  const { t } = useTranslation("deals");
  const { ref, isDropTarget } = useDroppable({ id: FREE });
  return (
    <div ref={ref} className={classes.hint} data-dragging={dragging || undefined} data-over={isDropTarget || undefined}>
      {t(dragging ? "dropFree" : "hint")}
    </div>
  );
}

function Gaps({ map, nameOf }: { map: Drawn; nameOf: (person: Person) => string }) {
  const { t, i18n } = useTranslation("deals");
  const word = (code: string, ids: string[]) => {
    const people = map.people.filter((person) => ids.includes(person.id)).map(nameOf);
    const told = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(people);
    const known = i18n.exists(`deals:gap.${code}`) || i18n.exists(`deals:gap.${code}_one`);
    return t(`gap.${known ? code : "other"}` as "gap.attitude_unknown", { count: people.length, people: told });
  };
  return (
    <ul className={classes.gaps} aria-label={t("missing")}>
      {map.gaps.map((gap) => (
        <li key={gap.code}>
          <IconAlertTriangle size={15} stroke={1.8} aria-hidden />
          <span>{word(gap.code, gap.people)}</span>
        </li>
      ))}
    </ul>
  );
}
