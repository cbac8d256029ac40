import { Combobox, InputBase, useCombobox } from "@mantine/core";
import { IconArrowLeft, IconChevronRight } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjects } from "~/api/queries";
import type { Field } from "~/api/types";
import { useLabel } from "~/i18n";
import classes from "./conditions.module.css";
import { fieldsToAsk, MAX_HOPS, objectAt, pathLabel, resolvePath, searchPaths, targetOf, type FieldPath } from "./fieldPaths";

type Props = {
  object: string;
  value: string | null;
  onChange: (path: FieldPath) => void;
  /** How many references a path may cross. */
  hops?: number;
  /** Fields that are offered, where not all are. */
  only?: (field: Field) => boolean;
  "aria-label": string;
};

const everything = () => true;

/** Chooses a field of an object or, step by step or by searching, one across its references. */
export function FieldPicker({ object, value, onChange, hops: most = MAX_HOPS, only = everything, "aria-label": ariaLabel }: Props) {
  const { t } = useTranslation("conditions");
  const label = useLabel();
  const objects = useObjects();
  const [typed, setTyped] = useState("");
  const [hops, setHops] = useState<Field[]>([]);
  const combobox = useCombobox({
    onDropdownOpen: () => {
      const path = value ? resolvePath(objects, object, value) : undefined;
      setHops(path?.hops ?? []);
      combobox.focusSearchInput();
    },
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      combobox.focusTarget();
      setTyped("");
    },
  });
  const chosen = value ? resolvePath(objects, object, value) : undefined;
  const text = chosen ? pathLabel(chosen, label) : (value ?? "");
  const opened = combobox.dropdownOpened;

  const found = useMemo(
    () => (opened && typed.trim() ? searchPaths(objects, object, typed, label).filter((path) => path.hops.length <= most && only(path.field)) : undefined),
    // `label` is a new function at every draw; what it says changes with the language only.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [opened, typed, objects, object, most, only],
  );
  const here: FieldPath[] = fieldsToAsk(objectAt(objects, object, hops)).filter(only).map((field) => ({ key: [...hops, field].map((it) => it.key).join("."), hops, field }));

  const submit = (option: string) => {
    if (option === "back") {
      setHops(hops.slice(0, -1));
      combobox.resetSelectedOption();
      return;
    }
    const [act, key = ""] = option.split(":");
    const path = resolvePath(objects, object, key);
    if (!path) return;
    if (act === "into") {
      setHops([...path.hops, path.field]);
      setTyped("");
      combobox.resetSelectedOption();
      return;
    }
    onChange(path);
    combobox.closeDropdown();
  };
  const leadsOn = (path: FieldPath) => targetOf(path.field) && path.hops.length < most && objectAt(objects, object, [...path.hops, path.field]);
  // Moved into view as the arrows go, chosen at once with Enter: the first is chosen while one types.
  const list = found ?? here;

  return (
    <Combobox store={combobox} onOptionSubmit={submit} width={320} position="bottom-start" resetSelectionOnOptionHover>
      <Combobox.Target targetType="button">
        <InputBase component="button" type="button" pointer rightSection={<Combobox.Chevron />} rightSectionPointerEvents="none" aria-label={`${ariaLabel}: ${text}`} title={text} onClick={() => combobox.toggleDropdown()}>
          <span className={classes.picked}>{text || <span className={classes.unpicked}>{t("chooseField")}</span>}</span>
        </InputBase>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          role="combobox"
          aria-expanded={opened}
          value={typed}
          placeholder={t(most > 0 ? "findField" : "findOwnField")}
          aria-label={t(most > 0 ? "findField" : "findOwnField")}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowLeft" && !typed && hops.length > 0) {
              event.preventDefault();
              setHops(hops.slice(0, -1));
            }
          }}
        />
        <Combobox.Options aria-label={t("field")} className={classes.choices}>
          {!found && hops.length > 0 && (
            <Combobox.Option value="back" className={classes.back}>
              <IconArrowLeft size={14} aria-label={t("back")} />
              <span>{hops.map((field) => label(field.label)).join(" › ")}</span>
            </Combobox.Option>
          )}
          {list.length === 0 && <Combobox.Empty>{t("noField")}</Combobox.Empty>}
          {list.map((path) => (
            <div key={path.key} role="presentation" className={classes.choice}>
              <Combobox.Option value={`pick:${path.key}`} active={path.key === value} className={classes.choiceField}>
                {found && path.hops.length > 0 && <span className={classes.trail}>{path.hops.map((field) => label(field.label)).join(" › ")} › </span>}
                {label(path.field.label)}
              </Combobox.Option>
              {leadsOn(path) && (
                <Combobox.Option value={`into:${path.key}`} className={classes.choiceInto} aria-label={t("fieldsOf", { name: label(path.field.label) })} title={t("fieldsOf", { name: label(path.field.label) })}>
                  <IconChevronRight size={15} />
                </Combobox.Option>
              )}
            </div>
          ))}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
