import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjects } from "~/api/queries";
import type { ObjectDef, Value } from "~/api/types";
import { useLabel } from "~/i18n";
import { RecordDialog } from "~/records/RecordDialog";
import { iconOf, navigableObjects } from "~/shell/places";
import classes from "./duplicates.module.css";
import { begunWith } from "./sought";

/** Where a sale begins. */
const FIRST = ["lead", "account", "contact", "opportunity"];

/** Begins a record with what was looked for, where nothing that was found is meant. */
export function CreateWith({ text, object: only }: { text: string; object?: string }) {
  const { t } = useTranslation("duplicates");
  const label = useLabel();
  const objects = useObjects();
  const navigate = useNavigate();
  const [begun, setBegun] = useState<{ object: ObjectDef; given: Record<string, Value> }>();
  const offered = navigableObjects(objects)
    .filter((object) => object.acts.includes("create") && (only ? object.key === only : FIRST.includes(object.key)))
    .sort((a, b) => FIRST.indexOf(a.key) - FIRST.indexOf(b.key))
    .flatMap((object) => {
      const given = begunWith(object, text);
      return given ? [{ object, given }] : [];
    });
  if (offered.length === 0) return null;
  return (
    <div className={classes.createWith}>
      <span>{t("toolCreate")}</span>
      {offered.map((one) => {
        const Icon = iconOf(one.object);
        return (
          <Button key={one.object.key} size="compact-md" variant="default" leftSection={<Icon size={15} stroke={1.6} />} onClick={() => setBegun(one)}>
            {label(one.object.label)}
          </Button>
        );
      })}
      {begun && (
        <RecordDialog
          object={begun.object}
          given={begun.given}
          onClose={() => setBegun(undefined)}
          onSaved={(saved) => void navigate({ to: "/o/$object/$id", params: { object: saved.object, id: saved.id } })}
        />
      )}
    </div>
  );
}
