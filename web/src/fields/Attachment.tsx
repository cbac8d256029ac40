import { ActionIcon, Input, Loader } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { IconPaperclip, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState, type DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { API_ROOT, post } from "~/api/http";
import { messageOf } from "~/api/problem";
import type { FileValue, Refs, Value } from "~/api/types";
import { useLanguage } from "~/i18n";
import classes from "./Attachment.module.css";
import type { EditProps, FieldKind, ShowProps } from "./contract";
import { extensionOf, formatSize } from "./fileSize";

const idsOf = (value: Value): string[] => (Array.isArray(value) ? value : []);
const keyOf = (id: string) => ["files", id] as const;

/** What is known of a file: from the record that mentions it, or from its upload here. */
function useFile(id: string, refs: Refs | undefined): Partial<FileValue> {
  const uploaded = useQuery<FileValue | null>({ queryKey: keyOf(id), queryFn: () => null, enabled: false }).data;
  return uploaded ?? { id, ...refs?.[id] };
}

function FileName({ id, refs, plain }: { id: string; refs?: Refs; plain?: boolean }) {
  const { t } = useTranslation("fields");
  const language = useLanguage();
  const file = useFile(id, refs);
  const name = file.name ?? t("file");
  const facts = [extensionOf(name), file.size === undefined ? "" : formatSize(file.size, language)].filter(Boolean).join(" · ");
  return (
    <>
      {plain ? (
        <span>{name}</span>
      ) : (
        <a href={`${API_ROOT}/files/${id}`} download={file.name} title={t("download", { name })}>
          {name}
        </a>
      )}
      {facts && !plain && <span className={classes.fine}>{facts}</span>}
    </>
  );
}

function AttachmentShow({ value, refs, dense }: ShowProps) {
  const ids = idsOf(value);
  if (dense) {
    return (
      <span className={classes.file}>
        <IconPaperclip size={14} aria-hidden />
        {ids.length === 1 ? <FileName id={ids[0]!} refs={refs} plain /> : ids.length}
      </span>
    );
  }
  return (
    <ul className={classes.files}>
      {ids.map((id) => (
        <li key={id} className={classes.file}>
          <FileName id={id} refs={refs} />
        </li>
      ))}
    </ul>
  );
}

function RemoveFile({ id, refs, onRemove }: { id: string; refs?: Refs; onRemove: () => void }) {
  const { t } = useTranslation("fields");
  const name = useFile(id, refs).name ?? t("file");
  return (
    <ActionIcon size="sm" aria-label={t("removeFile", { name })} onClick={onRemove}>
      <IconX size={15} />
    </ActionIcon>
  );
}

function AttachmentEdit(props: EditProps) {
  const { t } = useTranslation("fields");
  const client = useQueryClient();
  const own = useId();
  const id = props.id ?? own;
  const picker = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [uploading, setUploading] = useState(0);
  const [refused, setRefused] = useState<string>();
  const ids = idsOf(props.value);

  const take = async (files: FileList | null) => {
    if (!files?.length) return;
    setRefused(undefined);
    setUploading((now) => now + files.length);
    const added: string[] = [];
    for (const file of Array.from(files)) {
      try {
        const body = new FormData();
        body.append("file", file);
        const kept = await post<FileValue>("/files", body);
        client.setQueryData(keyOf(kept.id), kept);
        added.push(kept.id);
      } catch (error) {
        setRefused(`${file.name}: ${messageOf(error)}`);
      }
      setUploading((now) => now - 1);
    }
    if (added.length > 0) props.onChange([...ids, ...added]);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files);
  };

  return (
    <Input.Wrapper label={props.label} description={props.description} error={refused ?? props.error} withAsterisk={props.required} id={id}>
      <div className={classes.box}>
        {ids.length > 0 && (
          <ul className={classes.files} style={{ marginBottom: 6 }}>
            {ids.map((file) => (
              <li key={file} className={classes.file}>
                <FileName id={file} refs={props.refs} />
                <RemoveFile id={file} refs={props.refs} onRemove={() => props.onChange(ids.filter((it) => it !== file))} />
              </li>
            ))}
          </ul>
        )}
        <input ref={picker} type="file" multiple hidden onChange={(event) => void take(event.currentTarget.files).finally(() => picker.current && (picker.current.value = ""))} />
        <button
          id={id}
          type="button"
          className={classes.drop}
          data-over={over || undefined}
          aria-label={props["aria-label"]}
          aria-busy={uploading > 0 || undefined}
          data-autofocus={props.autoFocus || undefined}
          onClick={() => picker.current?.click()}
          onDragOver={(event) => {
            event.preventDefault();
            setOver(true);
          }}
          onDragLeave={() => setOver(false)}
          onDrop={drop}
        >
          {uploading > 0 ? <Loader size={15} /> : <IconPaperclip size={16} aria-hidden />}
          {uploading > 0 ? (
            t("uploading")
          ) : (
            <span>
              <b>{t("addFile")}</b> {t("dropFiles")}
            </span>
          )}
        </button>
      </div>
    </Input.Wrapper>
  );
}

/** Files that hang on a record: taken up at once, kept with it when it is saved. */
export const attachment: FieldKind = { Show: AttachmentShow, Edit: AttachmentEdit, wide: true };
