import { TextInput, Textarea } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Label, Language } from "~/api/types";
import { useLanguage } from "~/i18n";
import classes from "./objects.module.css";

type Props = {
  /** What is named: "Label", "Name of one". */
  what: string;
  value: Label;
  /** What is taken where nothing is typed. */
  fallback?: Label;
  onChange: (value: Label) => void;
  error?: ReactNode;
  required?: boolean;
  description?: ReactNode;
  autoFocus?: boolean;
  lines?: boolean;
};

/** A text in both languages, the reader's own first; the other may be left empty. */
export function LabelInputs({ what, value, fallback, onChange, error, required, description, autoFocus, lines }: Props) {
  const { t } = useTranslation("objects");
  const first = useLanguage();
  const second: Language = first === "en" ? "zh-CN" : "en";
  const Input = lines ? Textarea : TextInput;
  const named = (language: Language) => t(language === "en" ? "labelEn" : "labelZh", { what });
  return (
    <div className={classes.pair}>
      <Input
        label={named(first)}
        lang={first}
        withAsterisk={required}
        aria-required={required || undefined}
        data-autofocus={autoFocus || undefined}
        placeholder={fallback?.[first] || undefined}
        value={value[first]}
        error={error}
        description={description}
        inputWrapperOrder={["label", "input", "description", "error"]}
        onChange={(event: { currentTarget: { value: string } }) => onChange({ ...value, [first]: event.currentTarget.value })}
      />
      <Input
        label={named(second)}
        lang={second}
        placeholder={value[first] || fallback?.[second] || fallback?.[first] || undefined}
        value={value[second]}
        onChange={(event: { currentTarget: { value: string } }) => onChange({ ...value, [second]: event.currentTarget.value })}
      />
    </div>
  );
}
