import { useDraggable } from "@dnd-kit/react";
import { Button, Checkbox, Group, Text } from "@mantine/core";
import { IconGripVertical, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { post } from "~/api/http";
import { rowsOf, useMe, useObject, useRecord, useRecordList } from "~/api/queries";
import type { Condition, Rec, Refs } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { RecordDialog } from "~/records/RecordDialog";
import { Avatar } from "~/ui/Avatar";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { pointerExcept } from "~/ui/dragging";
import { RowSkeletons } from "~/ui/Skeletons";
import { PersonSelect } from "./PersonSelect";
import classes from "./tree.module.css";
import { chainOf, type Department } from "./tree";
import { reasonsOf, type Moving } from "./useDepartments";

const pointer = pointerExcept("a, input");

type Props = {
  department: Department;
  all: Department[];
  refs: Refs;
  onMove: (moving: Moving[], from: string) => void;
  onAdd: (parent: string) => void;
  onVoided: () => void;
};

/** One department: who leads it, who is in it, what can be done to it. */
export function DepartmentPanel({ department, all, refs, onMove, onAdd, onVoided }: Props) {
  const { t } = useTranslation("people");
  const label = useLabel();
  const me = useMe();
  const object = useObject("department");
  const acts = me.acts["department"] ?? [];
  const [dialog, setDialog] = useState<"edit" | "void">();
  const record = useRecord("department", department.id);
  const way = chainOf(all, department.parent).reverse();
  const field = (key: string) => object?.fields.find((it) => it.key === key);
  const voiding = async (reason: string) => {
    try {
      await post(`/records/department/${department.id}/void`, { reason: reason || undefined });
    } catch (error) {
      throw new Error(reasonsOf(error), { cause: error });
    }
    onVoided();
  };
  return (
    <section className={classes.panel} aria-label={department.name}>
      {way.length > 0 && <p className={classes.way}>{way.map((it) => it.name).join(" › ")}</p>}
      <div className={classes.panelHead}>
        <h2>{department.name}</h2>
        {acts.includes("edit") && (
          <Button size="compact-sm" variant="default" leftSection={<IconPencil size={15} />} disabled={!record.data} onClick={() => setDialog("edit")}>
            {t("edit")}
          </Button>
        )}
        {acts.includes("create") && (
          <Button size="compact-sm" variant="default" leftSection={<IconPlus size={15} />} onClick={() => onAdd(department.id)}>
            {t("addBelow")}
          </Button>
        )}
        {acts.includes("void") && (
          <Button size="compact-sm" variant="default" color="red" leftSection={<IconTrash size={15} />} onClick={() => setDialog("void")}>
            {t("void")}
          </Button>
        )}
      </div>
      <Group gap="lg" mt={6} fz="sm">
        {(["head", "assistants"] as const).map((key) => {
          const of = field(key);
          return (
            of && (
              <div key={key}>
                <Text size="xs" c="dimmed">
                  {label(of.label)}
                </Text>
                <FieldShow field={of} value={department[key]} refs={refs} />
              </div>
            )
          );
        })}
      </Group>
      <Members department={department} onMove={onMove} />
      {dialog === "edit" && object && record.data && <RecordDialog object={object} record={record.data} refs={record.data.refs} onClose={() => setDialog(undefined)} />}
      <ConfirmDialog
        opened={dialog === "void"}
        onClose={() => setDialog(undefined)}
        title={t("voidTitle", { name: department.name })}
        text={t("voidText")}
        confirm={t("void")}
        danger
        onConfirm={voiding}
      />
    </section>
  );
}

/** The active people of a department; they are dragged onto another, or chosen and moved. */
function Members({ department, onMove }: Pick<Props, "department" | "onMove">) {
  const { t } = useTranslation("people");
  const mayMove = useMe().acts["employee"]?.includes("edit") ?? false;
  const [below, setBelow] = useState(false);
  const [chosen, setChosen] = useState<string[]>([]);
  const [to, setTo] = useState<string | null>(null);
  const filter: Condition = {
    all: [
      { field: "active", op: "eq", value: true },
      { field: "department", op: "in_department", value: below ? department.id : { id: department.id, with_sub: false } },
    ],
  };
  const list = useRecordList("employee", { filter, sort: "name", fields: ["name", "title", "department"], limit: 100 });
  const rows = rowsOf(list.data);
  const picked = rows.filter((row) => chosen.includes(row.id));
  const move = () => {
    if (!to) return;
    onMove(picked.map((row) => ({ object: "employee", id: row.id, name: String(row.fields["name"] ?? ""), to })), department.id);
    setChosen([]);
    setTo(null);
  };
  return (
    <>
      <Group justify="space-between" mt="md">
        <Text size="sm" fw={600}>
          {t("peopleIn")}
        </Text>
        <Checkbox size="xs" label={t("withBelow")} checked={below} onChange={(event) => setBelow(event.currentTarget.checked)} />
      </Group>
      {list.isPending && <RowSkeletons rows={4} />}
      {list.isSuccess && rows.length === 0 && (
        <Text size="sm" c="dimmed" mt={6}>
          {t("nobodyIn")}
        </Text>
      )}
      {rows.length > 0 && (
        <ul className={classes.members}>
          {rows.map((row) => (
            <Member key={row.id} person={row} mayMove={mayMove} chosen={chosen.includes(row.id)} onChosen={(yes) => setChosen(yes ? [...chosen, row.id] : chosen.filter((id) => id !== row.id))} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button mt="xs" size="compact-sm" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
      {picked.length > 0 && (
        <Group mt="sm" gap="sm" align="flex-end">
          <PersonSelect object="department" label={t("moveTo", { count: picked.length })} value={to} onChange={setTo} />
          <Button disabled={!to} onClick={move}>
            {t("move")}
          </Button>
        </Group>
      )}
    </>
  );
}

function Member({ person, mayMove, chosen, onChosen }: { person: Rec; mayMove: boolean; chosen: boolean; onChosen: (chosen: boolean) => void }) {
  const { t } = useTranslation("people");
  const name = String(person.fields["name"] ?? "");
  const { ref, isDragSource } = useDraggable({ id: `person-${person.id}`, data: { object: "employee", person }, disabled: !mayMove, sensors: [pointer] });
  return (
    <li ref={ref} className={classes.member} data-dragging={isDragSource || undefined}>
      {mayMove && (
        <>
          <span className={classes.grip} aria-hidden title={t("dragPerson")}>
            <IconGripVertical size={15} />
          </span>
          <Checkbox size="xs" aria-label={t("choose", { name })} checked={chosen} onChange={(event) => onChosen(event.currentTarget.checked)} />
        </>
      )}
      <Avatar name={name} size={24} />
      <Link to="/admin/people" search={{ person: person.id }}>
        {name}
      </Link>
      <Text size="sm" c="dimmed" truncate>
        {String(person.fields["title"] ?? "")}
      </Text>
    </li>
  );
}
