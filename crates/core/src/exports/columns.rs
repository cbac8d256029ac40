//! The columns of a file.

use std::collections::BTreeSet;

use model::field::Kind;
use model::role::FieldAccess;
use model::{Field, Object, Violation};

use super::{Plan, Words};
use crate::views::View;
use crate::{Ctx, Result, processes};

/// What a column, or an amount's two, shows.
pub(super) enum Column {
    Id,
    Overdue,
    Field(Box<Field>),
}

/// The columns asked for, else the view's, else all that the caller may know of.
pub(super) fn chosen(cx: &Ctx, object: &Object, fields: Option<&str>, view: Option<&View>) -> Result<Vec<Column>> {
    let known = |field: &&Field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden;
    let of_key = |key: &str| match object.field(key).filter(known) {
        Some(field) => Some(Column::Field(Box::new(field.clone()))),
        None if key == "id" => Some(Column::Id),
        None if key == "overdue" && processes::shows_overdue(cx, object) => Some(Column::Overdue),
        None => None,
    };
    if let Some(fields) = fields {
        let mut seen = BTreeSet::new();
        let keys = fields.split(',').map(str::trim).filter(|key| !key.is_empty() && seen.insert(key.to_owned()));
        return keys.map(|key| of_key(key).ok_or_else(|| Violation::new("field.unknown", key).into())).collect();
    }
    if let Some(view) = view.filter(|view| !view.document.columns.is_empty()) {
        return Ok(view.known_columns(cx).into_iter().filter_map(of_key).collect());
    }
    Ok(object.fields.iter().filter(known).map(|field| Column::Field(Box::new(field.clone()))).collect())
}

/// The keys of the fields that are shown.
pub(super) fn keys(columns: &[Column]) -> BTreeSet<String> {
    columns.iter().filter_map(|column| if let Column::Field(field) = column { Some(field.key.clone()) } else { None }).collect()
}

/// The first row.
pub(super) fn titles(plan: &Plan, language: &str, words: Words) -> Vec<String> {
    let keys = plan.header_keys;
    let plain = |key: &str, label: &str| vec![if keys { key.to_owned() } else { label.to_owned() }];
    plan.columns
        .iter()
        .flat_map(|column| match column {
            Column::Id => plain("id", words.id),
            Column::Overdue => plain("overdue", words.overdue),
            Column::Field(field) => {
                let label = field.label.in_language(language);
                let mut titles = plain(&field.key, label);
                if field.kind.kind() == Kind::Money {
                    titles.push(if keys { format!("{}_currency", field.key) } else { words.currency.replace("{}", label) });
                }
                titles
            }
        })
        .collect()
}
