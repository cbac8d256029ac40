//! Fields of objects: adding them, changing what they ask, putting them aside.

use db::Write;
use model::field::{FieldType, RECOVERABLE, State};
use model::{Field, Id, Object, Violation, Violations};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::change::Changing;
use super::options::{judge_options, read_options};
use super::show::whole_field;
use super::{judge, uses};
use crate::jobs::{self, Kind, New};
use crate::{Ctx, Error, Result};

/// `POST /objects/{object}/fields/{field}/act`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldAct {
    Disable,
    Enable,
    /// Delete, recoverable for 30 days.
    Hide,
    Recover,
    /// Delete for good what was deleted before.
    Drop,
}

/// What every field has besides its type.
const COMMON: [&str; 10] = ["key", "label", "help", "type", "required", "unique", "fast", "read_only", "default", "required_when"];
/// What can be changed of fields that the product keeps itself.
const NAMES: [&str; 2] = ["label", "help"];

/// What a type has of its own.
fn settings(kind: &str) -> &'static [&'static str] {
    match kind {
        "text" => &["max_length", "pattern"],
        "number" => &["scale", "min", "max"],
        "percent" => &["scale"],
        "select" | "multi_select" => &["options"],
        "reference" | "references" | "master" => &["object"],
        "auto_number" => &["pattern"],
        "calculated" => &["formula", "result", "scale", "indexed"],
        "statistical" => &["of", "via", "function", "field", "condition", "scale"],
        _ => &[],
    }
}

/// Adds a field; administrators only. With the job that makes its column, where it needs one.
pub fn add(cx: &Ctx, tx: &mut Write, object: &str, wanted: &Map<String, Json>) -> Result<(Json, Option<Id>)> {
    cx.administrators_only("create", "field")?;
    let mut changing = Changing::begin(cx, tx)?;
    let mut next = changing.object(object)?.clone();
    let mut wanted = wanted.clone();
    let mut found = Violations::new();
    let taken = |key: &str| next.field(key).is_some() || next.retired.iter().any(|gone| gone == key);
    let label = wanted.get("label").cloned().unwrap_or_default();
    let english = label.get("en").and_then(Json::as_str).unwrap_or("").to_owned();
    let key = match wanted.get("key").and_then(Json::as_str) {
        Some(key) => judge::own_key(key, "key", &mut found),
        None => judge::new_key(&english, "field", taken),
    };
    if next.retired.contains(&key) {
        found.push(Violation::new("field.key_retired", "key").with("value", key.as_str()));
    } else if taken(&key) {
        found.push(Violation::new("field.not_unique", "key").with("value", key.as_str()));
    }
    wanted.insert("key".into(), key.clone().into());
    let field = match read(&changing, &wanted, None) {
        Ok(field) if found.is_empty() => field,
        Ok(_) => return Err(found.into()),
        Err(mut more) => {
            found.append(&mut more);
            return Err(found.into());
        }
    };
    if let Some(options) = field.kind.options() {
        judge_options(cx, tx, &changing, &next, &key, &[], options)?;
    }
    let made = has_column(&field);
    let state = if made { State::Preparing } else { State::Live };
    next.fields.insert(behind_own(&next), Field { state, ..field });
    judge_field(cx, &changing, &next, &key)?;
    changing.put(cx, tx, next)?;
    let job = if made { Some(jobs::enqueue(cx, tx, New::on(Kind::MakeField, object, Some(&key)))?) } else { None };
    Ok((answer(tx, &changing, object, &key)?, job))
}

/// Own fields stand before those that every object has.
fn behind_own(object: &Object) -> usize {
    object.fields.iter().position(|field| field.system).unwrap_or(object.fields.len())
}

/// True where it is kept in columns of its object's table.
fn has_column(field: &Field) -> bool {
    field.is_stored() && field.kind.kind() != model::field::Kind::LongText
}

/// Changes a field; administrators only. Its key and type stay. With the job that follows from it, where there is one.
pub fn update(
    cx: &Ctx,
    tx: &mut Write,
    object: &str,
    key: &str,
    seen: Option<i64>,
    wanted: &Map<String, Json>,
) -> Result<(Json, Option<Id>)> {
    cx.administrators_only("edit", "field")?;
    let mut changing = Changing::begin(cx, tx)?;
    let mut next = changing.object(object)?.clone();
    let before = next.field(key).ok_or(Error::NotFound)?.clone();
    changing.must_be(tx, &next, seen)?;
    let kept_by_product = !before.is_own() && before.is_kept_by_product();
    if let Some(other) = wanted.keys().find(|name| kept_by_product && !NAMES.contains(&name.as_str())) {
        return Err(Violation::new("field.read_only", other).into());
    }
    let mut after = read(&changing, wanted, Some(&before))?;
    let found = fixed(&before, &after);
    if !found.is_empty() {
        return Err(found.into());
    }
    if let (Some(old), Some(new)) = (before.kind.options(), after.kind.options())
        && old != new
    {
        judge_options(cx, tx, &changing, &next, key, old, new)?;
    }
    let mut job = None;
    let newly_indexed = !before.is_stored() && after.is_stored();
    if newly_indexed {
        // Its column comes first; the job puts the mark when it is there.
        if let FieldType::Calculated { indexed, .. } = &mut after.kind {
            *indexed = false;
        }
        let doc = json!({"index": true});
        job = Some(New { doc, ..New::on(Kind::MakeField, object, Some(key)) });
    } else if reckons_otherwise(&before, &after) && after.state == State::Filling {
        // Its first filling begins again.
        job = Some(New::on(Kind::MakeField, object, Some(key)));
    } else if reckons_otherwise(&before, &after) && after.state.is_kept() {
        after.settling = true;
        job = Some(New::on(Kind::Recalculate, object, Some(key)));
    } else if before.fast != after.fast || before.unique != after.unique {
        job = Some(New::on(Kind::MakeField, object, Some(key)));
    }
    if before.is_stored() && !after.is_stored() {
        let used = uses::of_field(tx, &changing, object, key)?;
        // Whatever looks for records by it, or reads it in a statement, needs what is stored.
        let by_value = |one: &&uses::Use| match one.kind {
            "index" | "lead_conversion" | "web_form" => false,
            "pool" => one.path == "condition",
            _ => true,
        };
        let refusals: Violations = used.iter().filter(by_value).map(|one| one.refusal("field.in_use")).collect();
        if !refusals.is_empty() {
            return Err(refusals.into());
        }
        after.fast = false;
    }
    if after.unique && !before.unique {
        // What lies aside may hold what is shared, and its column need not be there.
        if !after.state.is_kept() {
            return Err(Violation::new("field.wrong_state", "unique").with("field", key).with("state", after.state.key()).into());
        }
        let doubles = db::records::doubles(tx, &next, &after, 5)?;
        if !doubles.is_empty() {
            let shown: Vec<Json> = doubles.iter().map(model::field::show).collect();
            return Err(Violation::new("field.values_not_unique", "unique").with("values", shown).into());
        }
    }
    for field in next.fields.iter_mut().filter(|field| field.key == key) {
        field.clone_from(&after);
    }
    // What is asked of the index it will have is judged with it.
    let mut judged = next.clone();
    if newly_indexed {
        for field in judged.fields.iter_mut().filter(|field| field.key == key) {
            if let FieldType::Calculated { indexed, .. } = &mut field.kind {
                *indexed = true;
            }
        }
        let mut trial = Changing { version: changing.version, meta: changing.meta.clone(), definitions: changing.definitions.clone() };
        trial.judge_with(cx, judged.clone())?;
    }
    judge_field(cx, &changing, &judged, key)?;
    changing.put(cx, tx, next)?;
    let job = match job {
        Some(new) => {
            jobs::cancel(cx, tx, object, Some(key), &[new.kind])?;
            Some(jobs::enqueue(cx, tx, new)?)
        }
        None => None,
    };
    Ok((answer(tx, &changing, object, key)?, job))
}

/// A field never changes its type in place, nor what its stored values mean (core rule 17).
fn fixed(before: &Field, after: &Field) -> Violations {
    let mut found = Violations::new();
    let mut fixed = |path: &str| found.push(Violation::new("field.fixed", path));
    if before.kind.name() != after.kind.name() {
        fixed("type");
    }
    if before.kind.leads_to() != after.kind.leads_to() {
        fixed("object");
    }
    match (&before.kind, &after.kind) {
        (FieldType::Number { scale: old, .. }, FieldType::Number { scale: new, .. })
        | (FieldType::Percent { scale: old }, FieldType::Percent { scale: new })
            if new < old =>
        {
            fixed("scale");
        }
        (FieldType::Calculated { result: old, indexed: true, .. }, FieldType::Calculated { result: new, .. })
            if old.name() != new.name() =>
        {
            fixed("result");
        }
        (FieldType::Statistical { result: old, .. }, FieldType::Statistical { result: new, .. }) if old.name() != new.name() => {
            fixed("function");
        }
        _ => {}
    }
    found
}

/// True where stored values have to be reckoned anew.
fn reckons_otherwise(before: &Field, after: &Field) -> bool {
    match (&before.kind, &after.kind) {
        (FieldType::Calculated { formula: a, result: r, .. }, FieldType::Calculated { formula: b, result: s, indexed: true }) => {
            (a.trim(), r) != (b.trim(), s)
        }
        (FieldType::Statistical { .. }, FieldType::Statistical { .. }) => before.kind != after.kind,
        _ => false,
    }
}

/// A field as it is asked for: a new one, or a known one with some of its settings changed. All that cannot be read at once.
fn read(changing: &Changing, wanted: &Map<String, Json>, before: Option<&Field>) -> std::result::Result<Field, Violations> {
    let mut found = Violations::new();
    let mut whole = match before {
        Some(field) => json!(field).as_object().cloned().unwrap_or_default(),
        None => Map::new(),
    };
    let kind = whole.get("type").or(wanted.get("type")).and_then(Json::as_str).unwrap_or("").to_owned();
    let known = |name: &str| COMMON.contains(&name) || name == "visible_when" || settings(&kind).contains(&name);
    for (name, value) in wanted {
        if before.is_some() && ["key", "type"].contains(&name.as_str()) {
            if whole.get(name) != Some(value) {
                found.push(Violation::new("field.fixed", name));
            }
        } else if !known(name) {
            found.push(Violation::new("field.unknown", name));
        } else if value.is_null() {
            whole.remove(name);
        } else {
            whole.insert(name.clone(), value.clone());
        }
    }
    if wanted.contains_key("options") && settings(&kind).contains(&"options") {
        let given = wanted["options"].as_array().cloned().unwrap_or_default();
        match read_options(before.and_then(|field| field.kind.options()).unwrap_or(&[]), &given) {
            Ok(options) => {
                whole.insert("options".into(), json!(options));
            }
            Err(Error::Invalid(mut more)) => found.append(&mut more),
            Err(_) => found.push(Violation::new("field.invalid", "options")),
        }
    }
    if kind == "statistical" {
        statistical_result(changing, &mut whole, &mut found);
    }
    if !found.is_empty() {
        return Err(found);
    }
    match serde_json::from_value::<Field>(Json::Object(whole)) {
        Ok(field) => Ok(field),
        Err(e) => Err(vec![Violation::new("field.definition", "").with("reason", e.to_string())]),
    }
}

/// What a statistic comes to follows from its function and the field that it reckons over.
fn statistical_result(changing: &Changing, whole: &mut Map<String, Json>, found: &mut Violations) {
    let schema = changing.schema();
    let text = |name: &str| whole.get(name).and_then(Json::as_str).map(str::to_owned);
    let function = whole.get("function").cloned().and_then(|json| serde_json::from_value::<model::field::Function>(json).ok());
    let Some(function) = function else {
        found.push(Violation::new("field.not_an_option", "function").with("value", whole.get("function").cloned().unwrap_or_default()));
        return;
    };
    let child = text("of").and_then(|of| schema.object(&of).cloned());
    let Some(child) = child else {
        found.push(Violation::new("field.unknown", "of").with("field", text("of").unwrap_or_default()));
        return;
    };
    let over = text("field");
    let field = over.as_deref().map(|key| child.field(key));
    if field.is_some_and(|field| field.is_none()) {
        found.push(Violation::new("field.unknown", "field").with("field", over.unwrap_or_default()));
        return;
    }
    match function.result(field.flatten()) {
        Some(result) => {
            let shown = json!(result);
            whole.remove("scale");
            for (name, value) in shown.as_object().into_iter().flatten() {
                whole.insert(name.clone(), value.clone());
            }
        }
        None => {
            let found_type = field.flatten().map_or("nothing", |field| field.kind.name());
            found.push(Violation::new("statistical.field", "field").with("function", function.key()).with("type", found_type));
        }
    }
}

fn judge_field(cx: &Ctx, changing: &Changing, object: &Object, key: &str) -> Result<()> {
    let mut definitions = changing.definitions.clone();
    for one in definitions.iter_mut().filter(|one| one.key == object.key) {
        one.clone_from(object);
        // It is judged as it will be.
        for field in one.fields.iter_mut().filter(|field| field.key == key && field.state == State::Preparing) {
            field.state = State::Live;
        }
    }
    let schema = crate::meta::in_use(&definitions);
    let field = object.field(key).ok_or(Error::NotFound)?;
    let mut found = Violations::new();
    judge::field(object, field, &schema, &changing.reading(cx, &schema), &mut found);
    let (_, more) = crate::reckoning::Plan::of(&schema, &changing.reading(cx, &schema));
    found.extend(more);
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

/// Puts a field aside, back, or away; administrators only. With the job that follows from it, where there is one.
pub fn act(cx: &Ctx, tx: &mut Write, object: &str, key: &str, act: FieldAct) -> Result<(Json, Option<Id>)> {
    cx.administrators_only("edit", "field")?;
    let mut changing = Changing::begin(cx, tx)?;
    let mut next = changing.object(object)?.clone();
    let mut field = next.field(key).ok_or(Error::NotFound)?.clone();
    let state = field.state;
    let mut job = None;
    match (act, state) {
        (FieldAct::Disable, State::Live) | (FieldAct::Hide, State::Live | State::Disabled | State::Filling | State::Preparing) => {
            refuse_essential_or_used(tx, &changing, &next, &field, act)?;
            jobs::cancel(cx, tx, object, Some(key), &[Kind::MakeField, Kind::Recalculate])?;
            field.settling = false;
            if act == FieldAct::Hide {
                field.state = State::Hidden;
                field.hidden_at = Some(cx.at);
                let end = New { run_at: Some(cx.at.plus_seconds(RECOVERABLE)), ..New::on(Kind::DropField, object, Some(key)) };
                jobs::enqueue(cx, tx, end)?;
            } else {
                field.state = State::Disabled;
            }
        }
        (FieldAct::Enable, State::Disabled) | (FieldAct::Recover, State::Hidden) => {
            jobs::cancel(cx, tx, object, Some(key), &[Kind::DropField])?;
            field.hidden_at = None;
            // A reckoned one was not kept meanwhile; a column that a broken-off job never made is made now.
            field.state = if field.is_reckoned() && field.is_stored() { State::Preparing } else { State::Live };
            if has_column(&field) {
                field.state = State::Preparing;
                job = Some(New::on(Kind::MakeField, object, Some(key)));
            }
        }
        (FieldAct::Drop, State::Hidden) => {
            jobs::cancel(cx, tx, object, Some(key), &[Kind::DropField])?;
            job = Some(New::on(Kind::DropField, object, Some(key)));
        }
        _ => return Err(Violation::new("field.wrong_state", "").with("field", key).with("state", state.key()).into()),
    }
    for one in next.fields.iter_mut().filter(|one| one.key == key) {
        one.clone_from(&field);
    }
    if job.as_ref().is_some_and(|job| job.kind == Kind::MakeField) {
        judge_field(cx, &changing, &next, key)?;
    }
    changing.put(cx, tx, next)?;
    let job = match job {
        Some(new) => Some(jobs::enqueue(cx, tx, new)?),
        None => None,
    };
    Ok((answer(tx, &changing, object, key)?, job))
}

fn refuse_essential_or_used(tx: &mut Write, changing: &Changing, object: &Object, field: &Field, act: FieldAct) -> Result<()> {
    if object.is_essential(field) {
        return Err(Violation::new("field.essential", "").with("field", field.key.as_str()).into());
    }
    if act == FieldAct::Hide && !field.is_own() {
        return Err(Violation::new("field.preset", "").with("field", field.key.as_str()).into());
    }
    let used = uses::of_field(tx, changing, &object.key, &field.key)?;
    if used.is_empty() {
        return Ok(());
    }
    Err(used.iter().map(|one| one.refusal("field.in_use")).collect::<Violations>().into())
}

fn answer(tx: &mut Write, changing: &Changing, object: &str, key: &str) -> Result<Json> {
    let jobs = jobs::open_of(tx, object)?;
    let definition = changing.object(object)?;
    let field = definition.field(key).map(|field| whole_field(definition, field, &jobs));
    Ok(json!({"field": field, "meta_version": changing.version}))
}
