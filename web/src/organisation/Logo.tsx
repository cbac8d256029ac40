import { Button, FileButton, Group, Input } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./letterhead.module.css";

const LARGEST = 1 << 20;
const KINDS = ["image/png", "image/jpeg"];

/** The picture at the head of the paper: chosen, looked at, taken away. */
export function Logo({ logo, error, onChange }: { logo: string | null; error?: string | undefined; onChange: (logo: string | null) => void }) {
  const { t } = useTranslation("organisation");
  const [refused, setRefused] = useState<string>();
  const take = async (file: File | null) => {
    if (!file) return;
    const reason = !KINDS.includes(file.type) ? t("letterhead.logoKind") : file.size > LARGEST ? t("letterhead.logoSize") : undefined;
    setRefused(reason);
    if (!reason) onChange(await coded(file));
  };
  return (
    <Input.Wrapper label={t("letterhead.logo")} description={t("letterhead.logoHint")} error={refused ?? error}>
      <Group gap="sm" mt={6} mb={4}>
        {logo && <img className={classes.logo} src={`data:${kindOf(logo)};base64,${logo}`} alt={t("letterhead.logoShown")} />}
        <FileButton onChange={(file) => void take(file)} accept={KINDS.join(",")} inputProps={{ "aria-label": t("letterhead.logoFile") }}>
          {(button) => (
            <Button {...button} variant="default" size="xs">
              {t(logo ? "letterhead.logoReplace" : "letterhead.logoChoose")}
            </Button>
          )}
        </FileButton>
        {logo && (
          <Button variant="subtle" color="gray" size="xs" onClick={() => onChange(null)}>
            {t("letterhead.logoRemove")}
          </Button>
        )}
      </Group>
    </Input.Wrapper>
  );
}

async function coded(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  // In parts: a call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** By how it begins: a PNG in base64 starts with these letters. */
const kindOf = (logo: string) => (logo.startsWith("iVBORw0KGgo") ? "image/png" : "image/jpeg");
