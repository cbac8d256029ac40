import { ActionIcon, Button, FileButton, Group, Modal, Progress, Textarea } from "@mantine/core";
import { useDisclosure, useWindowEvent } from "@mantine/hooks";
import { IconClipboardText, IconFileUpload, IconX } from "@tabler/icons-react";
import { useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import type { ImportFile } from "~/api/imports";
import { extensionOf, formatSize } from "~/fields/fileSize";
import { useLanguage } from "~/i18n";
import classes from "./imports.module.css";
import { KINDS, LARGEST, pastedFile } from "./upload";
import { useUploads, type Upload } from "./useUploads";

type Props = { /** Called once all that was chosen is there. */ onFiles: (files: ImportFile[]) => void; compact?: boolean; /** What is wanted, where it is not just any file. */ words?: string };

/** Where files are dropped, chosen or pasted; each tells its size and kind, and how far it is. */
export function UploadZone({ onFiles, compact, words }: Props) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const uploads = useUploads(onFiles);
  const [over, setOver] = useState(false);
  const [pasting, paste] = useDisclosure();
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    uploads.send([...event.dataTransfer.files]);
  };
  useWindowEvent("paste", (event) => {
    if (event.target instanceof Element && event.target.closest("input, textarea, [contenteditable], [role=dialog]")) return;
    const files = [...(event.clipboardData?.files ?? [])];
    const cells = pastedFile(event.clipboardData?.getData("text/plain") ?? "", t("pastedName"));
    // A spreadsheet puts a picture of the cells beside the cells themselves.
    if (cells) uploads.send([cells]);
    else if (files.length > 0) uploads.send(files);
  });
  return (
    <div className={classes.upload}>
      <FileButton multiple accept={[...KINDS.map((kind) => `.${kind}`), "text/csv"].join(",")} onChange={uploads.send} inputProps={{ "aria-label": t("files") }}>
        {(props) => (
          <button
            {...props}
            type="button"
            className={classes.drop}
            data-over={over || undefined}
            data-compact={compact || undefined}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
          >
            <IconFileUpload size={compact ? 20 : 30} stroke={1.5} aria-hidden="true" />
            <strong>{words ?? t(compact ? "dropMore" : "drop")}</strong>
            <span>{t("dropKinds", { size: formatSize(LARGEST, language) })}</span>
          </button>
        )}
      </FileButton>
      {!compact && (
        <Group justify="space-between" gap="xs">
          <Button variant="subtle" size="compact-sm" leftSection={<IconClipboardText size={15} />} onClick={paste.open}>
            {t("paste")}
          </Button>
        </Group>
      )}
      {uploads.list.length > 0 && (
        <ul className={classes.uploads} aria-label={t("sending")}>
          {uploads.list.map((upload) => (
            <UploadLine key={upload.key} upload={upload} onRemove={() => uploads.remove(upload.key)} />
          ))}
        </ul>
      )}
      {pasting && (
        <PasteDialog
          onClose={paste.close}
          onCells={(file) => {
            paste.close();
            uploads.send([file]);
          }}
        />
      )}
    </div>
  );
}

function UploadLine({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const { name, size } = upload.file;
  return (
    <li data-refused={upload.refused !== undefined || undefined}>
      <div className={classes.uploadHead}>
        <b>{name}</b>
        <span>
          {extensionOf(name)} · {formatSize(size, language)}
        </span>
        <ActionIcon size="sm" aria-label={t("remove", { name })} onClick={onRemove}>
          <IconX size={15} />
        </ActionIcon>
      </div>
      {upload.refused !== undefined ? (
        <p role="alert">{upload.refused}</p>
      ) : (
        <Progress size="sm" value={Math.max(2, 100 * upload.share)} animated={upload.share === 1} aria-label={t("sendingOne", { name })} />
      )}
    </li>
  );
}

/** Cells pasted by hand, where the keyboard's own way is not at hand. */
function PasteDialog({ onClose, onCells }: { onClose: () => void; onCells: (file: File) => void }) {
  const { t } = useTranslation("imports");
  const [text, setText] = useState("");
  const file = pastedFile(text, t("pastedName"));
  return (
    <Modal opened onClose={onClose} title={t("paste")} size="lg">
      <Textarea data-autofocus label={t("pasteLabel")} description={t("pasteHint")} autosize minRows={8} maxRows={18} value={text} onChange={(event) => setText(event.currentTarget.value)} classNames={{ input: classes.cells }} />
      <Group justify="flex-end" mt="md">
        <Button disabled={!file} onClick={() => file && onCells(file)}>
          {t("pasteTake")}
        </Button>
      </Group>
    </Modal>
  );
}
