//! What a mapping leaves open, told before any row is looked at: a field that every new record must have and nothing fills, and what would
//! become of the stages of deals that are under way already.

use db::Read;
use model::objects::lines;
use model::role::{Act, FieldAccess};
use model::{Field, Id, Object, Violation, Violations};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::begin::Opening;
use super::columns::{Columns, PAST, Sub};
use super::files;
use super::options::{Mode, Options};
use crate::{Ctx, Error, Result, processes};

/// What `POST /imports/advice` asks.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceRequest {
    pub file: String,
    pub options: Options,
}

/// `{violations, warnings}`: what stands against the import as a whole, and what the mapping leaves open.
///
/// Errors: those of a file or an object that the caller may not import.
pub fn advice(cx: &Ctx, tx: &mut Read, wanted: &AdviceRequest) -> Result<Json> {
    let id: Id = wanted.file.parse().map_err(|_| Error::NotFound)?;
    let found = files::load(cx, tx, id)?;
    match Opening::of(cx, tx, &found, &wanted.options) {
        Ok(opening) => Ok(json!({"violations": [], "warnings": warnings(cx, &opening, &wanted.options)})),
        Err(Error::Invalid(found)) => Ok(json!({"violations": found, "warnings": []})),
        Err(other) => Err(other),
    }
}

/// What the mapping leaves open.
pub(super) fn warnings(cx: &Ctx, opening: &Opening, options: &Options) -> Violations {
    // Where no record is made, none has to be whole.
    if options.mode == Mode::Update {
        return Violations::new();
    }
    let (object, columns) = (&opening.object, &opening.columns);
    let filled = |key: &str| {
        columns.mapped.iter().any(|column| column.field.key == key)
            || options.constants.contains_key(key)
            || options.templates.contains_key(key)
    };
    let mut told: Violations = unfilled(cx, object, filled).collect();
    for (sub, said) in columns.subs.iter().zip(&options.sub_objects) {
        let filled = |key: &str| {
            key == sub.via || is_named_by_its_row(sub, key) || said.constants.contains_key(key) || said.mapping.values().any(|of| of == key)
        };
        told.extend(unfilled(cx, &sub.object, filled));
    }
    told.extend(of_stages(cx, object, columns, options));
    told
}

/// Fields that a new record must have, that the product does not fill by itself, and that nothing else fills.
fn unfilled(cx: &Ctx, object: &Object, filled: impl Fn(&str) -> bool) -> impl Iterator<Item = Violation> {
    let hidden = |field: &Field| cx.who.system.is_none() && cx.who.rights.field(&object.key, field) == FieldAccess::Hidden;
    let open = object.fields.iter().filter(|field| field.required && !is_given(object, field) && !hidden(field) && !filled(&field.key));
    let told = open.map(|field| {
        Violation::new("import.required_unmapped", &field.key).with("field", field.key.as_str()).with("of", object.key.as_str())
    });
    told.collect::<Violations>().into_iter()
}

/// What a new record has without anybody saying it.
fn is_given(object: &Object, field: &Field) -> bool {
    let of_process = processes::concerns(object) && matches!(field.key.as_str(), "sales_process" | "stage");
    // Quotes and orders are in the currency of their deal.
    let of_deal = field.key == lines::CURRENCY && object.field("opportunity").is_some();
    of_process || of_deal || field.default.is_some() || field.is_kept_by_product()
}

/// A line without a name is called as what it refers to.
fn is_named_by_its_row(sub: &Sub, key: &str) -> bool {
    key == "name" && sub.mapped.iter().any(|column| column.field.kind.target().is_some())
}

/// A stage that a file tells is a move of today, unless records carry their past.
fn of_stages(cx: &Ctx, object: &Object, columns: &Columns, options: &Options) -> Option<Violation> {
    let has = |key: &str| columns.mapped.iter().any(|column| column.field.key == key) || options.constants.contains_key(key);
    if !processes::concerns(object) || !has("stage") {
        return None;
    }
    if !options.history {
        let may = cx.who.rights.may(Act::ImportHistory, &object.key);
        let only = || Violation::new("import.stage_as_move_only", "stage");
        return Some(if may { Violation::new("import.stage_as_move", "stage") } else { only() });
    }
    if !PAST.iter().any(|key| has(key)) {
        return Some(Violation::new("import.history_without_days", "stage"));
    }
    (!has("closed_at")).then(|| Violation::new("import.history_without_closing", "stage"))
}
