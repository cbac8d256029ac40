import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "~/ui/Avatar";
import type { RegardingValue } from "~/api/types";
import { inputProps, type EditProps, type FieldKind, type ShowProps } from "./contract";
import { RecordSelect } from "./RecordSelect";
import classes from "./Reference.module.css";

function Hidden() {
  const { t } = useTranslation("fields");
  return <span className={classes.hidden}>{t("outOfSight")}</span>;
}

function ReferenceShow({ value, refs, dense }: ShowProps) {
  if (!value) return null;
  const id = String(value);
  const ref = refs?.[id];
  if (!ref) return <Hidden />;
  if (dense) return <>{ref.name}</>;
  return (
    <Link to="/o/$object/$id" params={{ object: ref.object, id }}>
      {ref.name}
    </Link>
  );
}

function PersonShow({ value, refs }: ShowProps) {
  if (!value) return null;
  const ref = refs?.[String(value)];
  if (!ref) return <Hidden />;
  return (
    <span className={classes.person}>
      <Avatar name={ref.name} size={20} />
      <span>{ref.name}</span>
    </span>
  );
}

const DepartmentShow = ({ value, refs }: ShowProps) => (value ? <>{refs?.[String(value)]?.name ?? <Hidden />}</> : null);

function Choose({ object, ...props }: EditProps & { object: string }) {
  // A name chosen here is not in the record's refs yet.
  const [named, setNamed] = useState<Record<string, string>>({});
  const id = props.value ? String(props.value) : null;
  return (
    <RecordSelect
      {...inputProps(props)}
      object={object}
      value={id}
      name={id ? (named[id] ?? props.refs?.[id]?.name) : undefined}
      onChange={(chosen, name) => {
        if (chosen && name) setNamed({ ...named, [chosen]: name });
        props.onChange(chosen);
      }}
    />
  );
}

export const reference: FieldKind = { Show: ReferenceShow, Edit: (props) => <Choose {...props} object={props.field.object ?? ""} /> };
export const employee: FieldKind = { Show: PersonShow, Edit: (props) => <Choose {...props} object="employee" /> };
export const department: FieldKind = { Show: DepartmentShow, Edit: (props) => <Choose {...props} object="department" /> };

export const regarding: FieldKind = {
  Show: ({ value, ...rest }) => <ReferenceShow {...rest} value={(value as RegardingValue | null)?.id} />,
  Edit: (props) => {
    const object = (props.value as RegardingValue | null)?.object ?? props.field.object ?? "opportunity";
    return <Choose {...props} object={object} value={(props.value as RegardingValue | null)?.id} onChange={(id) => props.onChange(id ? { object, id: String(id) } : null)} />;
  },
};
