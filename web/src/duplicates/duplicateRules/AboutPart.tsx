import { Checkbox, Stack, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { RULE_KINDS } from "~/api/duplicates";
import { said, type PartProps } from "./places";
import classes from "./rules.module.css";

/** What it is called and where it judges. */
export function AboutPart({ draft, at, onChange }: PartProps) {
  const { t } = useTranslation("duplicateRules");
  return (
    <section className={classes.part} aria-label={t("about")}>
      <h2>{t("about")}</h2>
      <p className={classes.hint}>{t("aboutHint")}</p>
      <div className={classes.pair}>
        <TextInput label={t("name")} description={t("nameHint")} withAsterisk autoFocus={draft.name === ""} value={draft.name} error={said(at("name"))} onChange={(event) => onChange({ name: event.currentTarget.value })} />
        <Checkbox.Group label={t("kinds")} value={RULE_KINDS.filter((kind) => draft.kinds[kind])} error={said(at("kinds"))} onChange={(chosen) => onChange({ kinds: { new: chosen.includes("new"), import: chosen.includes("import"), tool: chosen.includes("tool") } })}>
          <Stack gap={8} mt={6}>
            {RULE_KINDS.map((kind) => (
              <Checkbox key={kind} value={kind} label={t(`kind.${kind}`)} description={t(`kindHint.${kind}`)} />
            ))}
          </Stack>
        </Checkbox.Group>
      </div>
    </section>
  );
}
