//! Trying a formula before it is saved: is it one, what may it read, and what does it come to on a record.

use db::Read;
use db::records::{Query, Sort};
use model::field::{FieldType, ResultType};
use model::formula::Formula;
use model::{Field, Label, Object, Record, Violation, Violations};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::reckoning::{self, Plan};
use crate::{Ctx, Error, Result, meta, records};

/// `POST /objects/{object}/formula`.
#[derive(Clone, Debug, Deserialize)]
pub struct TryFormula {
    pub formula: String,
    /// `text`, `number`, `currency`, `percent`, `boolean`, `date`, `datetime`; with `scale` for numbers.
    #[serde(flatten)]
    pub result: ResultType,
    /// The field that the formula is meant for, where it is there already.
    #[serde(default)]
    pub key: Option<String>,
    /// The record to try it on; the newest that the caller sees when absent.
    #[serde(default)]
    pub record: Option<String>,
}

/// Judges a formula and works it out on one record; administrators only. Nothing is stored.
pub fn try_formula(cx: &Ctx, tx: &mut Read, key: &str, wanted: &TryFormula) -> Result<Json> {
    cx.administrators_only("edit", "field")?;
    let object = cx.meta.schema.object(key).cloned().ok_or(Error::NotFound)?;
    let formula = match Formula::compile(&wanted.formula, key, &cx.meta.schema, wanted.result) {
        Ok(formula) => formula,
        Err(violations) => return Ok(refused(&violations)),
    };
    let paths: Vec<String> = formula.paths().iter().map(path).collect();
    let unfit = judged(cx, &object, wanted, true);
    if !unfit.is_empty() {
        let found = judged(cx, &object, wanted, false);
        // Of a circle, a field that is not stored would only show that another reads it.
        let circle = unfit.iter().any(|it| it.code == "formula.circle");
        if !found.is_empty() {
            return Ok(refused(if circle { &unfit } else { &found }));
        }
    }
    let record = match &wanted.record {
        Some(id) => {
            let id =
                id.parse().map_err(|_| Error::from(Violation::new("field.invalid", "record").with("expected", "the id of a record")))?;
            Some(records::load(cx, tx, &object, id)?)
        }
        None => newest(cx, tx, &object)?,
    };
    let mut answer = json!({
        "ok": true, "violations": [], "paths": paths, "indexable": unfit.is_empty(), "not_indexable": unfit, "value": null, "note": null,
        "record": null, "refs": {},
    });
    if let Some(record) = record {
        let mut one = [record];
        reckoning::on_read(cx, tx, &object, &mut one, None)?;
        let [record] = one;
        let trial = reckoning::Calculated { field: String::new(), formula, indexed: false, own: Default::default() };
        let world = reckoning::world(cx, tx, &[&record], std::iter::once(&trial), &cx.scope())?;
        let outcome = trial.formula.evaluate(&record, &world, &reckoning::moment(cx, true));
        answer["value"] = model::field::show(&outcome.value);
        answer["note"] = json!(outcome.note);
        answer["record"] = json!({"id": record.id.to_string(), "name": name(&record)});
    }
    Ok(answer)
}

fn refused(violations: &[Violation]) -> Json {
    json!({"ok": false, "violations": violations, "paths": [], "indexable": false, "value": null, "note": null, "record": null, "refs": {}})
}

/// What would stand against the formula as a field of the object: circles above all.
fn judged(cx: &Ctx, object: &Object, wanted: &TryFormula, indexed: bool) -> Violations {
    let key = wanted.key.clone().filter(|key| object.field(key).is_some()).unwrap_or_else(|| "x_".to_owned());
    let kind = FieldType::Calculated { formula: wanted.formula.clone(), result: wanted.result, indexed };
    let mut definitions = cx.meta.definitions.clone();
    for one in definitions.iter_mut().filter(|one| one.key == object.key) {
        match one.fields.iter_mut().find(|field| field.key == key) {
            Some(field) => field.kind = kind.clone(),
            None => one.fields.push(Field::new(&key, Label::default(), kind.clone())),
        }
    }
    let schema = meta::in_use(&definitions);
    let (_, found) = Plan::of(&schema, &model::condition::Reading { schema: &schema, ..cx.system_reading() });
    found
}

fn newest(cx: &Ctx, tx: &mut Read, object: &Object) -> Result<Option<Record>> {
    let sort = Sort { field: "created_at".into(), descending: true };
    let query = Query { condition: None, words: None, sort, cursor: None, limit: 1, bin: db::records::Bin::Out };
    let page = db::records::list(tx, &cx.meta.schema, object, &cx.scope(), &query)?;
    match page.records.first() {
        Some(record) => records::load(cx, tx, object, record.id).map(Some),
        None => Ok(None),
    }
}

fn name(record: &Record) -> String {
    record.text("name").to_owned()
}

fn path(path: &model::formula::Path) -> String {
    path.hops.iter().map(|hop| hop.field.as_str()).chain([path.field.as_str()]).collect::<Vec<_>>().join(".")
}

/// The functions of the language, for whoever writes a formula.
pub fn functions() -> Json {
    let items: Vec<Json> = model::formula::functions()
        .iter()
        .map(|one| json!({"name": one.name, "signature": one.signature, "help": one.help, "example": one.example}))
        .collect();
    json!({ "items": items })
}
