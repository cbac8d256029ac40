//! The options of select fields.

use std::collections::BTreeSet;

use db::{Read, Write};
use model::condition::Reading;
use model::field::{Choice, FieldType, Kind};
use model::process::{Gates, check_options};
use model::{Condition, Label, Object, Schema, Value, Violation, Violations};
use sea_query::{Expr, ExprTrait, Query};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::change::Changing;
use crate::{Ctx, Error, Result, approvals, holding, sharing, webhooks};

/// Characters of an option's name in one language, and of its colour's.
const LONGEST_LABEL: usize = 200;
const LONGEST_COLOUR: usize = 40;

/// `PUT /objects/{object}/fields/{field}/options`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetOptions {
    pub options: Vec<Json>,
}

/// Replaces the options of a select field, in their order; administrators only.
///
/// Refused: an option left out that any record, stay or process has (`field.option_in_use`); a stage whose type changes while
/// it is used (`field.option_type_in_use`); keys that are not keys; a stage without a type.
pub fn set_options(cx: &Ctx, tx: &mut Write, object: &str, field: &str, wanted: &SetOptions) -> Result<Json> {
    cx.administrators_only("edit", "object")?;
    // Whoever writes a record meanwhile waits or is seen here: publishing excludes every write.
    let mut changing = Changing::begin(cx, tx)?;
    let object = changing.object(object)?.clone();
    let old = object.field(field).ok_or(Error::NotFound)?;
    let before = old.kind.options().ok_or(Error::NotFound)?.to_vec();
    if (object.key.as_str(), field) == ("employee", "roles") {
        // They follow the roles that there are.
        return Err(Violation::new("field.read_only", "roles").into());
    }
    let options = read_options(&before, &wanted.options)?;
    judge_options(cx, tx, &changing, &object, field, &before, &options)?;
    let mut next = object.clone();
    for f in next.fields.iter_mut().filter(|f| f.key == field) {
        match &mut f.kind {
            FieldType::Select { options: slot } | FieldType::MultiSelect { options: slot } => slot.clone_from(&options),
            _ => {}
        }
    }
    changing.put(cx, tx, next)?;
    Ok(json!({"options": options, "meta_version": changing.version}))
}

/// What stands against these options in place of those before: one that is used or named by a rule and would go or change its type, and
/// whatever is not well formed. Looks for uses of those alone that would.
pub(super) fn judge_options(
    cx: &Ctx,
    tx: &mut Read,
    changing: &Changing,
    object: &Object,
    field: &str,
    before: &[Choice],
    options: &[Choice],
) -> Result<()> {
    if object.field(field).is_some_and(|field| field.system) || ["roles", "stage_type"].contains(&field) {
        return Err(Violation::new("field.read_only", field).into());
    }
    let mut in_use = BTreeSet::new();
    for option in before {
        let kept = options.iter().find(|kept| kept.key == option.key);
        if kept.is_some_and(|kept| kept.stage_type == option.stage_type) {
            continue;
        }
        if used(tx, object, field, &option.key)? || kept.is_none() && named_by_a_rule(cx, tx, changing, object, field, &option.key)? {
            in_use.insert(option.key.clone());
        }
    }
    let stages = crate::processes::concerns(object) && field == "stage";
    let found = check_options(before, options, &in_use, stages);
    if found.is_empty() { Ok(()) } else { Err(found.into()) }
}

pub(super) fn read_options(before: &[Choice], wanted: &[Json]) -> Result<Vec<Choice>> {
    let mut found = Violations::new();
    let mut options: Vec<Choice> = Vec::with_capacity(wanted.len());
    for (i, json) in wanted.iter().enumerate() {
        let mut json = json.clone();
        if !json.is_object() {
            found.push(Violation::new("field.invalid", format!("options/{i}")).with("expected", "an option, as {\"label\": {\"en\": …}}"));
            continue;
        }
        if json.get("key").is_none_or(Json::is_null) {
            let label: Label = serde_json::from_value(json.get("label").cloned().unwrap_or_default()).unwrap_or_default();
            json["key"] = new_key(before, &options, label.in_language("en")).into();
        }
        match serde_json::from_value(json) {
            Ok(option) => {
                too_long(&option, i, &mut found);
                options.push(option);
            }
            Err(e) => found.push(Violation::new("field.invalid", format!("options/{i}")).with("expected", e.to_string())),
        }
    }
    if options.len() > 500 {
        found.push(Violation::new("field.too_long", "options").with("max", 500));
    }
    if found.is_empty() { Ok(options) } else { Err(found.into()) }
}

fn too_long(option: &Choice, i: usize, found: &mut Violations) {
    if ["en", "zh-CN"].iter().any(|language| option.label.in_language(language).chars().count() > LONGEST_LABEL) {
        found.push(Violation::new("field.too_long", format!("options/{i}/label")).with("max", LONGEST_LABEL));
    }
    if option.colour.as_ref().is_some_and(|colour| colour.len() > LONGEST_COLOUR) {
        found.push(Violation::new("field.too_long", format!("options/{i}/colour")).with("max", LONGEST_COLOUR));
    }
}

/// A key from a label: `Proof of concept` → `proof_of_concept`; numbered when taken or not in Latin letters.
fn new_key(before: &[Choice], options: &[Choice], label: &str) -> String {
    let mut base: String =
        model::text::fold(label).chars().map(|c| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '_' }).take(40).collect();
    base = base.trim_matches('_').to_owned();
    if !model::text::is_key(&base) {
        base = "option".to_owned();
    }
    let taken = |key: &str| before.iter().chain(options).any(|o| o.key == key);
    if !taken(&base) {
        return base;
    }
    (2..).map(|n| format!("{base}_{n}")).find(|key| !taken(key)).unwrap_or(base)
}

/// True when a condition of a process, a field or a rule could not be read any more without the option.
fn named_by_a_rule(cx: &Ctx, tx: &mut Read, changing: &Changing, object: &Object, field: &str, key: &str) -> Result<bool> {
    let with = changing.schema();
    let without = Schema::new(with.objects().map(|one| {
        let mut one = Object::clone(one);
        for f in one.fields.iter_mut().filter(|f| one.key == object.key && f.key == field) {
            if let FieldType::Select { options } | FieldType::MultiSelect { options } = &mut f.kind {
                options.retain(|option| option.key != key);
            }
        }
        one
    }));
    let (now, then) = (changing.reading(cx, &with), changing.reading(cx, &without));
    let broken = |condition: &Condition, of: &str| condition.resolve(of, &now).is_ok() && condition.resolve(of, &then).is_err();
    let named = sharing::named_in(tx)?.into_iter().chain(holding::named_in(tx)?);
    if named.into_iter().any(|(of, condition)| broken(&condition, &of)) {
        return Ok(true);
    }
    // These may ask for a change, and "me" is whoever saved them.
    let (now_by, then_by) = (Reading { me: Some(cx.who.id), ..now.clone() }, Reading { me: Some(cx.who.id), ..then.clone() });
    let broken_of_change = |condition: &Condition, of: &str| {
        condition.resolve_for_change(of, &now_by).is_ok() && condition.resolve_for_change(of, &then_by).is_err()
    };
    if webhooks::named_in(tx)?.iter().any(|(of, condition)| broken_of_change(condition, of)) {
        return Ok(true);
    }
    let flows = approvals::uses::in_use(&changing.meta, tx)?;
    if approvals::uses::names_option(&flows, &now, &then, object, field, key) {
        return Ok(true);
    }
    let mut processes = changing.meta.versions_in_force();
    Ok(processes.any(|process| Gates::resolve(process, &now).is_ok() && Gates::resolve(process, &then).is_err())
        || with.objects().any(|one| {
            let of_rules = one.validations.iter().map(|rule| &rule.condition);
            let of_fields = one.fields.iter().flat_map(|f| f.required_when.iter().chain(&f.visible_when));
            of_rules.chain(of_fields).any(|condition| broken(condition, &one.key))
                || one.fields.iter().any(|f| match &f.kind {
                    FieldType::Statistical { of, condition: Some(condition), .. } => broken(condition, of),
                    _ => false,
                })
        }))
}

/// True when a record (voided ones too), a stay, any version of a process or a draft has the option.
fn used(tx: &mut Read, object: &Object, field: &str, key: &str) -> Result<bool> {
    let field_def = object.field(field).ok_or(Error::NotFound)?;
    let value = match field_def.kind.kind() {
        Kind::Keys => Value::Keys(vec![key.to_owned()]),
        _ => Value::Text(key.to_owned()),
    };
    if db::records::holds_value(tx, object, field, &value)? {
        return Ok(true);
    }
    if crate::processes::concerns(object) && field == "stage" {
        if crate::processes::definition::names_stage(tx, key)? {
            return Ok(true);
        }
        let stay = Query::select().column("id").from("stage_stay").and_where(Expr::col("stage").eq(key)).limit(1).to_owned();
        return Ok(tx.optional(&stay)?.is_some());
    }
    Ok(false)
}
