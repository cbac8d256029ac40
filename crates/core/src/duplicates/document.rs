//! A rule as it is written, and what may be wrong with it.

use std::collections::BTreeSet;

use model::duplicate::matching::fits;
use model::duplicate::{Blank, DuplicateRule, Group, Kinds, Method, Row, Scope, Shown, Strictness};
use model::field::Kind;
use model::role::FieldAccess;
use model::{Condition, Field, Id, Object, Violation, Violations};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value as Json;

use crate::{Ctx, Meta, Result};

/// Characters of a name.
const LONGEST_NAME: usize = 100;
/// Rules altogether: those of an object are judged for every record that is saved.
pub(super) const MOST_RULES: usize = 100;
/// Groups of a rule.
const MOST_GROUPS: usize = 20;
/// Rows of a group.
const MOST_ROWS: usize = 10;
/// Fields that are shown of a found record.
const MOST_SHOWN: usize = 12;
/// Records that are told at most.
const MOST_TOLD: u32 = 100;

/// The body of `POST /duplicate-rules` and `PUT /duplicate-rules/{id}`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedRule {
    pub object: String,
    #[serde(default)]
    pub name: String,
    #[serde(default = "yes")]
    pub active: bool,
    #[serde(default = "everywhere")]
    pub kinds: Kinds,
    #[serde(default)]
    pub when: Option<Json>,
    #[serde(default)]
    pub scope: WantedScope,
    #[serde(default)]
    pub groups: Vec<WantedGroup>,
    #[serde(default = "by_method")]
    pub strictness: Strictness,
    #[serde(default)]
    pub exempt_roles: Vec<String>,
    #[serde(default)]
    pub shows: Vec<Shown>,
    #[serde(default = "most")]
    pub most: u32,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
}

/// Which records are compared with, as it is typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedScope {
    #[serde(default)]
    pub condition: Option<Json>,
    #[serde(default = "yes")]
    pub voided: bool,
    #[serde(default = "yes")]
    pub unseen: bool,
}

impl Default for WantedScope {
    fn default() -> WantedScope {
        WantedScope { condition: None, voided: true, unseen: true }
    }
}

/// A group, as it is typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedGroup {
    /// The rule's own object when it is not said.
    #[serde(default)]
    pub object: Option<String>,
    #[serde(default)]
    pub rows: Vec<WantedRow>,
}

/// A row, as it is typed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WantedRow {
    pub field: String,
    /// The field of the same key when it is not said.
    #[serde(default)]
    pub other: Option<String>,
    pub method: String,
    #[serde(default)]
    pub threshold: Option<u8>,
    #[serde(default)]
    pub days: Option<u32>,
    #[serde(default)]
    pub percent: Option<u32>,
    #[serde(default)]
    pub blank: Blank,
}

fn yes() -> bool {
    true
}

fn everywhere() -> Kinds {
    Kinds { new: true, import: true, tool: true }
}

fn by_method() -> Strictness {
    use model::duplicate::rule::Strict;
    Strictness { new: Strict::ByMethod, import: Strict::ByMethod }
}

fn most() -> u32 {
    20
}

/// The rule that a document describes. Errors: everything that stands against it.
pub(super) fn read(cx: &Ctx, meta: &Meta, wanted: &WantedRule, id: Id, version: i64) -> Result<DuplicateRule> {
    let mut found = Violations::new();
    let name = name(&wanted.name, &mut found);
    let object = judged(meta, &wanted.object, "object").map_err(|violation| found.push(violation)).ok();
    if !(wanted.kinds.new || wanted.kinds.import || wanted.kinds.tool) {
        found.push(Violation::new("duplicate.nowhere", "kinds"));
    }
    let when = object.and_then(|object| condition(cx, meta, object, wanted.when.as_ref(), "when", &mut found));
    let scope = Scope {
        condition: object.and_then(|object| condition(cx, meta, object, wanted.scope.condition.as_ref(), "scope/condition", &mut found)),
        voided: wanted.scope.voided,
        unseen: wanted.scope.unseen,
    };
    let groups = object.map(|object| groups(meta, object, &wanted.groups, &mut found)).unwrap_or_default();
    for (at, role) in wanted.exempt_roles.iter().enumerate().filter(|(_, role)| meta.role(role).is_none()) {
        let options: Vec<&str> = meta.roles.iter().map(|role| role.key.as_str()).collect();
        let path = format!("exempt_roles/{at}");
        found.push(Violation::new("field.not_an_option", path).with("value", role.as_str()).with("options", options));
    }
    shows(meta, &groups, &wanted.shows, &mut found);
    if !(1..=MOST_TOLD).contains(&wanted.most) {
        found.push(Violation::new("duplicate.out_of_range", "most").with("min", 1).with("max", MOST_TOLD));
    }
    if !found.is_empty() {
        return Err(found.into());
    }
    Ok(DuplicateRule {
        id,
        object: wanted.object.clone(),
        name,
        active: wanted.active,
        kinds: wanted.kinds,
        when,
        scope,
        groups,
        strictness: wanted.strictness,
        exempt_roles: wanted.exempt_roles.clone(),
        shows: wanted.shows.clone(),
        most: wanted.most,
        version,
    })
}

fn name(wanted: &str, found: &mut Violations) -> String {
    let name = wanted.trim().to_owned();
    if name.is_empty() {
        found.push(Violation::new("field.required", "name"));
    } else if !model::text::storable(&name) {
        found.push(Violation::new("field.invalid", "name").with("expected", "text without the character U+0000"));
    } else if name.chars().count() > LONGEST_NAME {
        found.push(Violation::new("field.too_long", "name").with("max", LONGEST_NAME));
    }
    name
}

/// An object whose records may be the same twice: people and departments have rules of their own, and what lives in another record is
/// that record's affair.
fn judged<'a>(meta: &'a Meta, key: &str, path: &str) -> std::result::Result<&'a Object, Violation> {
    const OTHER: [&str; 5] = ["employee", "department", "user_group", "activity", "task"];
    let object = meta.schema.object(key).ok_or_else(|| Violation::new("field.unknown", path).with("field", key))?;
    let fits = !OTHER.contains(&key) && object.master().is_none();
    if fits { Ok(object) } else { Err(Violation::new("duplicate.object_not_judged", path).with("object", key)) }
}

/// A condition, read with its author's eyes and without a "me".
fn condition(cx: &Ctx, meta: &Meta, object: &Object, json: Option<&Json>, path: &str, found: &mut Violations) -> Option<Condition> {
    let json = json.filter(|json| !json.is_null())?;
    let placed = |violation: Violation| {
        let field = violation.path.clone();
        let mut placed = Violation { path: path.to_owned(), ..violation };
        placed.params.entry("field").or_insert(field.into());
        placed
    };
    let condition = Condition::from_json(json).map_err(|violation| found.push(placed(violation))).ok()?;
    let seen = match cx.who.system {
        Some(_) => meta.schema.clone(),
        None => meta.schema.seen_through(|of, field| cx.who.rights.field(&of.key, field) > FieldAccess::Hidden),
    };
    match condition.resolve(&object.key, &cx.reading_of(meta, &seen)) {
        Ok(_) => Some(condition),
        Err(wrong) => {
            found.extend(wrong.into_iter().map(placed));
            None
        }
    }
}

fn groups(meta: &Meta, own: &Object, wanted: &[WantedGroup], found: &mut Violations) -> Vec<Group> {
    if wanted.is_empty() {
        found.push(Violation::new("field.required", "groups"));
    } else if wanted.len() > MOST_GROUPS {
        found.push(Violation::new("duplicate.too_many", "groups").with("max", MOST_GROUPS));
    }
    let mut groups = Vec::new();
    for (at, group) in wanted.iter().enumerate() {
        let path = format!("groups/{at}");
        let key = group.object.as_deref().unwrap_or(&own.key);
        let other = judged(meta, key, &format!("{path}/object")).map_err(|violation| found.push(violation)).ok();
        if group.rows.is_empty() {
            found.push(Violation::new("field.required", format!("{path}/rows")));
        } else if group.rows.len() > MOST_ROWS {
            found.push(Violation::new("duplicate.too_many", format!("{path}/rows")).with("max", MOST_ROWS));
        }
        let Some(other) = other else { continue };
        let before = found.len();
        let rows: Vec<Row> =
            group.rows.iter().enumerate().filter_map(|(n, row)| self::row(own, other, row, &format!("{path}/rows/{n}"), found)).collect();
        if found.len() == before && !rows.is_empty() && !rows.iter().any(|row| finds(row, own)) {
            found.push(Violation::new("duplicate.finds_nothing", format!("{path}/rows")));
        }
        groups.push(Group { object: other.key.clone(), rows });
    }
    groups
}

/// True for a row by which records are found: days and amounts only narrow down what another has found, and so do two blanks.
fn finds(row: &Row, own: &Object) -> bool {
    let narrow = own.field(&row.field).is_some_and(|field| matches!(field.kind.kind(), Kind::Bool | Kind::Keys));
    !matches!(row.method, Method::WithinDays { .. } | Method::WithinPercent { .. }) && row.blank == Blank::Never && !narrow
}

fn row(own: &Object, other: &Object, wanted: &WantedRow, path: &str, found: &mut Violations) -> Option<Row> {
    let other_key = wanted.other.as_deref().unwrap_or(&wanted.field);
    let field = compared(own, &wanted.field, &format!("{path}/field"), found);
    // What is said once is found wrong once.
    let same = own.key == other.key && other_key == wanted.field;
    let against = if same { field } else { compared(other, other_key, &format!("{path}/other"), found) };
    let method = method(wanted, path, found)?;
    let (field, against) = (field?, against?);
    if !fits(method, (own, field), (other, against)) {
        let place = format!("{path}/method");
        let violation = Violation::new("duplicate.method_not_for_field", place).with("method", wanted.method.as_str());
        found.push(violation.with("field", field.key.as_str()).with("other", against.key.as_str()));
        return None;
    }
    Some(Row { field: field.key.clone(), other: against.key.clone(), method, blank: wanted.blank })
}

/// A field that is in use and stored; one that is put aside, or reckoned whenever it is read, takes no part.
fn compared<'a>(object: &'a Object, key: &str, path: &str, found: &mut Violations) -> Option<&'a Field> {
    let field = object.field(key).filter(|field| field.state.is_live());
    match field {
        None => found.push(Violation::new("field.unknown", path).with("field", key)),
        Some(field) if !field.is_stored() => {
            found.push(Violation::new("duplicate.field_not_stored", path).with("field", key));
            return None;
        }
        Some(_) => {}
    }
    field
}

fn method(wanted: &WantedRow, path: &str, found: &mut Violations) -> Option<Method> {
    let mut ranged = |value: u32, name: &str, min: u32, max: u32| {
        let fits = (min..=max).contains(&value);
        if !fits {
            found.push(Violation::new("duplicate.out_of_range", format!("{path}/{name}")).with("min", min).with("max", max));
        }
        fits.then_some(value)
    };
    let usual = model::duplicate::rule::USUAL_THRESHOLD;
    match wanted.method.as_str() {
        "exact" => Some(Method::Exact),
        "fuzzy" => ranged(wanted.threshold.unwrap_or(usual).into(), "threshold", 50, 100)
            .map(|threshold| Method::Fuzzy { threshold: threshold as u8 }),
        "contains" => Some(Method::Contains),
        "same_digits" => Some(Method::SameDigits),
        "same_domain" => Some(Method::SameDomain),
        "within_days" => ranged(wanted.days.unwrap_or(0), "days", 1, 3650).map(|days| Method::WithinDays { days }),
        "within_percent" => ranged(wanted.percent.unwrap_or(0), "percent", 1, 100).map(|percent| Method::WithinPercent { percent }),
        other => {
            let options = ["exact", "fuzzy", "contains", "same_digits", "same_domain", "within_days", "within_percent"];
            let violation = Violation::new("field.not_an_option", format!("{path}/method"));
            found.push(violation.with("value", other).with("options", options.to_vec()));
            None
        }
    }
}

/// What is shown must be fields of objects that the rule compares with.
fn shows(meta: &Meta, groups: &[Group], wanted: &[Shown], found: &mut Violations) {
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for (at, shown) in wanted.iter().enumerate() {
        let path = format!("shows/{at}");
        let object = meta.schema.object(&shown.object).filter(|_| groups.iter().any(|group| group.object == shown.object));
        let Some(object) = object else {
            found.push(Violation::new("duplicate.not_compared", format!("{path}/object")).with("object", shown.object.as_str()));
            continue;
        };
        if !known.insert(&shown.object) {
            found.push(Violation::new("duplicate.told_twice", format!("{path}/object")).with("object", shown.object.as_str()));
        }
        if shown.fields.len() > MOST_SHOWN {
            found.push(Violation::new("duplicate.too_many", format!("{path}/fields")).with("max", MOST_SHOWN));
        }
        for (n, key) in shown.fields.iter().enumerate() {
            if object.field(key).is_none_or(|field| !field.state.is_live() || field.kind.kind() == Kind::LongText) {
                found.push(Violation::new("field.unknown", format!("{path}/fields/{n}")).with("field", key.as_str()));
            }
        }
    }
}
