import type { FieldKind } from "./contract";
import { LineEdit } from "./Text";

const stop = (event: React.MouseEvent) => event.stopPropagation();

export const email: FieldKind = {
  Show: ({ value, dense }) => (dense ? <>{String(value ?? "")}</> : value ? <a href={`mailto:${String(value)}`} onClick={stop}>{String(value)}</a> : null),
  Edit: (props) => <LineEdit {...props} type="email" />,
};

export const phone: FieldKind = {
  Show: ({ value, dense }) => (dense ? <span className="figures">{String(value ?? "")}</span> : value ? <a className="figures" href={`tel:${String(value).replace(/[^\d+]/g, "")}`} onClick={stop}>{String(value)}</a> : null),
  Edit: (props) => <LineEdit {...props} type="tel" />,
};

/** Only addresses of the web become links; a record's text must not be able to run anything. */
export function webAddress(value: string): string | undefined {
  if (/^https?:\/\//i.test(value)) return value;
  return /^[\w-]+(\.[\w-]+)+([/?#].*)?$/.test(value) ? `https://${value}` : undefined;
}

export const url: FieldKind = {
  Show: ({ value, dense }) => {
    const href = webAddress(String(value ?? ""));
    if (!href) return <>{String(value ?? "")}</>;
    const shown = String(value).replace(/^https?:\/\//, "");
    if (dense) return <>{shown}</>;
    return (
      <a href={href} target="_blank" rel="noreferrer noopener" onClick={stop}>
        {shown}
      </a>
    );
  },
  Edit: (props) => <LineEdit {...props} type="url" />,
};
