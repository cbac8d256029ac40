import { useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import { inputProps, isEmpty, type EditProps, type FieldKind, type ShowProps } from "./contract";
import { DecimalInput } from "./DecimalInput";

function NumberShow({ value }: ShowProps) {
  const language = useLanguage();
  return isEmpty(value) ? null : <span className="figures">{formatDecimal(String(value), language)}</span>;
}

function PercentShow({ value }: ShowProps) {
  const language = useLanguage();
  return isEmpty(value) ? null : <span className="figures">{formatDecimal(String(value), language)}%</span>;
}

const NumberEdit = (props: EditProps) => <DecimalInput {...inputProps(props)} value={props.value as string | null} onChange={props.onChange} />;

export const number: FieldKind = { Show: NumberShow, Edit: NumberEdit, figures: true };

export const percent: FieldKind = {
  Show: PercentShow,
  Edit: (props) => <DecimalInput {...inputProps(props)} value={props.value as string | null} onChange={props.onChange} rightSection={<span aria-hidden>%</span>} />,
  figures: true,
};
