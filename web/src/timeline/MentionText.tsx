import { useMe } from "~/api/queries";
import classes from "./MentionText.module.css";
import { partsOf } from "./mentions";

const ADDRESS = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/g;

/** A comment as it is read: its line breaks, who is mentioned, and addresses one can follow. */
export function MentionText({ text }: { text: string }) {
  const me = useMe();
  return (
    <p className={classes.text}>
      {partsOf(text).map((part, index) =>
        typeof part === "string" ? (
          <Plain key={index} text={part} />
        ) : (
          <span key={index} className={classes.mention} data-me={part.id === me.person.id || undefined}>
            @{part.name}
          </span>
        ),
      )}
    </p>
  );
}

/** A text with its addresses as links. */
export function Plain({ text }: { text: string }) {
  return text.split(ADDRESS).map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} href={part} target="_blank" rel="noreferrer noopener">
        {part}
      </a>
    ) : (
      part
    ),
  );
}
