import { CollisionPriority } from "@dnd-kit/abstract";
import { move } from "@dnd-kit/helpers";
import { DragDropProvider, useDroppable } from "@dnd-kit/react";
import { useSortable } from "@dnd-kit/react/sortable";
import { ActionIcon, Button, Checkbox, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconGripVertical, IconPlus, IconTrash, IconX } from "@tabler/icons-react";
import { useCallback, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { FieldDefinition } from "~/api/definitions";
import { labelIn, useLabel, useLanguage } from "~/i18n";
import { useSortWords } from "~/processes/sortWords";
import { TYPE_ICONS } from "./fieldTypes";
import { filledLabel } from "./keys";
import { LabelInputs } from "./LabelInputs";
import { ASIDE, changedSection, movedSection, putField, withoutSection, withSection, type LayoutDraft } from "./layoutMoves";
import classes from "./layout.module.css";

type Props = { fields: FieldDefinition[]; draft: LayoutDraft; onChange: (draft: LayoutDraft) => void };

/** The sections of a form with their fields, beside the fields that are not on it; dragged about by pointer or keyboard. */
export function LayoutEditor({ fields, draft, onChange }: Props) {
  const { t } = useTranslation("objects");
  const language = useLanguage();
  // While a field is in the hand the places are only this screen's business.
  const [moving, setMoving] = useState<LayoutDraft["places"]>();
  const places = moving ?? draft.places;
  const last = draft.sections.at(-1)?.id;
  const titleOf = useCallback(
    (id: string) => {
      const index = draft.sections.findIndex((section) => section.id === id);
      const section = draft.sections[index];
      return (section && labelIn(filledLabel(section.label), language)) || t("sectionUntitled", { number: index + 1 });
    },
    [draft.sections, language, t],
  );
  const nameOf = useCallback(
    (id: string) => {
      if (id === ASIDE) return t("aside");
      const field = fields.find((it) => it.key === id);
      return field ? labelIn(field.label, language) : titleOf(id);
    },
    [fields, language, t, titleOf],
  );
  const plugins = useSortWords(nameOf, "objects");

  return (
    <DragDropProvider
      plugins={plugins}
      onDragOver={(event) => {
        if (event.operation.source?.type === "field") setMoving((now) => move(now ?? draft.places, event));
      }}
      onDragEnd={(event) => {
        if (moving && !event.canceled) onChange({ ...draft, places: moving });
        setMoving(undefined);
      }}
    >
      <div className={classes.editor}>
        <div className={classes.sections}>
          {draft.sections.map((section, index) => {
            const title = titleOf(section.id);
            return (
              <section key={section.id} className={classes.section} aria-label={title}>
                <div className={classes.head}>
                  <div className={classes.labels}>
                    <LabelInputs what={t("sectionLabel")} value={section.label} onChange={(label) => onChange(changedSection(draft, section.id, { label }))} />
                  </div>
                  <div className={classes.acts}>
                    <ActionIcon disabled={index === 0} bg="transparent" aria-label={t("sectionUp", { section: title })} onClick={() => onChange(movedSection(draft, section.id, -1))}>
                      <IconArrowUp size={16} />
                    </ActionIcon>
                    <ActionIcon disabled={index === draft.sections.length - 1} bg="transparent" aria-label={t("sectionDown", { section: title })} onClick={() => onChange(movedSection(draft, section.id, 1))}>
                      <IconArrowDown size={16} />
                    </ActionIcon>
                    <ActionIcon disabled={draft.sections.length === 1} bg="transparent" aria-label={t("sectionRemove", { section: title })} onClick={() => onChange(withoutSection(draft, section.id))}>
                      <IconTrash size={16} />
                    </ActionIcon>
                  </div>
                </div>
                <Checkbox size="xs" my={8} label={t("sectionCollapsed")} checked={section.collapsed} onChange={(event) => onChange(changedSection(draft, section.id, { collapsed: event.currentTarget.checked }))} />
                <Zone id={section.id} empty={t("sectionEmpty")}>
                  {(places[section.id] ?? []).map((key, at) => (
                    <Row key={key} field={fields.find((it) => it.key === key)} id={key} index={at} group={section.id}>
                      <ActionIcon size="sm" aria-label={t("takeField", { field: nameOf(key) })} onClick={() => onChange(putField(draft, key, ASIDE))}>
                        <IconX size={14} />
                      </ActionIcon>
                    </Row>
                  ))}
                </Zone>
              </section>
            );
          })}
          <div>
            <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => onChange(withSection(draft))}>
              {t("sectionAdd")}
            </Button>
          </div>
        </div>
        <section className={classes.aside} aria-label={t("aside")}>
          <h3 className={classes.asideTitle}>{t("aside")}</h3>
          <Zone id={ASIDE} empty={t("asideEmpty")}>
            {(places[ASIDE] ?? []).map((key, at) => (
              <Row key={key} field={fields.find((it) => it.key === key)} id={key} index={at} group={ASIDE}>
                {last && (
                  <ActionIcon size="sm" aria-label={t("placeField", { field: nameOf(key) })} onClick={() => onChange(putField(draft, key, last))}>
                    <IconPlus size={14} />
                  </ActionIcon>
                )}
              </Row>
            ))}
          </Zone>
        </section>
      </div>
    </DragDropProvider>
  );
}

function Zone({ id, empty, children }: { id: string; empty: string; children: ReactNode[] }) {
  const { ref, isDropTarget } = useDroppable({ id, type: "zone", accept: "field", collisionPriority: CollisionPriority.Low });
  return (
    <div ref={ref} className={classes.zone} data-over={isDropTarget || undefined}>
      <ol className={classes.fields}>{children}</ol>
      {children.length === 0 && (
        <Text size="xs" c="dimmed" p={4}>
          {empty}
        </Text>
      )}
    </div>
  );
}

function Row({ field, id, index, group, children }: { field: FieldDefinition | undefined; id: string; index: number; group: string; children: ReactNode }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const name = label(field?.label) || id;
  const { ref, handleRef, isDragSource } = useSortable({ id, index, group, type: "field", accept: "field" });
  const Icon = field && TYPE_ICONS[field.type];
  return (
    <li ref={ref} className={classes.field} data-gone={(field && field.state !== "live") || undefined} data-dragging={isDragSource || undefined} data-field={id}>
      <ActionIcon ref={handleRef} size="sm" className={classes.handle} aria-label={t("moveField", { field: name })}>
        <IconGripVertical size={15} />
      </ActionIcon>
      {Icon && <Icon size={15} stroke={1.6} />}
      <span>{name}</span>
      {field && field.state !== "live" && <small>{t(`states.${field.state}`)}</small>}
      {children}
    </li>
  );
}
