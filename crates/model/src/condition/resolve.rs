//! From the written condition to the typed one that both readers read.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::ast::{Condition, Exists, Op, Row};
use crate::field::{FieldType, Kind};
use crate::money::Rates;
use crate::text::fold;
use crate::time::Calendar;
use crate::{Amount, Currency, Date, Field, Id, Instant, Number, Object, Schema, Value, Violation};

/// A condition whose paths, operators and constants are settled.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolved {
    Always(bool),
    All(Vec<Resolved>),
    Any(Vec<Resolved>),
    Not(Box<Resolved>),
    Test(Test),
    Exists(ExistsTest),
    /// The change that is judged gives a field of the record itself another value.
    Changed(ChangeTest),
}

/// A field that changes, perhaps from or to a value.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeTest {
    pub field: String,
    pub folded: bool,
    pub from: Option<Check>,
    pub to: Option<Check>,
}

/// A test of one field, perhaps across references.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    pub hops: Vec<Hop>,
    pub field: String,
    pub kind: Kind,
    /// Text is compared folded; the constants of `check` are folded already.
    pub folded: bool,
    pub check: Check,
}

/// One step across a reference.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hop {
    /// The referring field.
    pub field: String,
    /// The object it leads to.
    pub object: String,
}

/// Records of `object` whose field `via` refers to the judged one.
#[derive(Clone, Debug, PartialEq)]
pub struct ExistsTest {
    pub object: String,
    pub via: String,
    pub filter: Box<Resolved>,
    pub at_least: u32,
}

/// What is asked of a value. Money is a `Number` holding the amount in ten-thousandths of the main currency.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    Empty,
    NotEmpty,
    Equal(Value),
    /// True of a blank value.
    NotEqual(Value),
    Less(Value),
    LessOrEqual(Value),
    Greater(Value),
    GreaterOrEqual(Value),
    /// Both ends included.
    Between(Value, Value),
    In(Vec<Value>),
    /// True of a blank value.
    NotIn(Vec<Value>),
    Contains(String),
    /// True of a blank value.
    NotContains(String),
    StartsWith(String),
    EndsWith(String),
    HasAny(Vec<String>),
    /// True of a blank value.
    HasNone(Vec<String>),
}

/// What resolving needs to know of the reader and the moment.
#[derive(Clone, Debug)]
pub struct Reading<'a> {
    /// What the reader may know of: a field that is not in it is unknown.
    pub schema: &'a Schema,
    /// The reader; `None` for system rules, in which "me" has no meaning.
    pub me: Option<Id>,
    pub my_department: Option<Id>,
    /// People below the reader.
    pub subordinates: &'a [Id],
    /// Each department's parent.
    pub departments: &'a BTreeMap<Id, Option<Id>>,
    pub now: Instant,
    pub calendar: &'a Calendar,
    pub rates: &'a Rates,
}

/// Most references in one path.
const MAX_HOPS: usize = 3;

impl Condition {
    /// Settles the condition for records of `object`.
    ///
    /// Errors: all of `field.unknown` (path), `condition.invalid` (operator or constant does not fit the field).
    pub fn resolve(&self, object: &str, reading: &Reading<'_>) -> Result<Resolved, Vec<Violation>> {
        let mut found = Vec::new();
        let resolved = resolve(self, object, reading, Level::Records, &mut found);
        if found.is_empty() { Ok(resolved) } else { Err(found) }
    }

    /// As [`Condition::resolve`], for a rule that judges a change: `changed`, `changed_from` and `changed_to` have a meaning there, for
    /// fields of the record itself. A new record changes nothing.
    pub fn resolve_for_change(&self, object: &str, reading: &Reading<'_>) -> Result<Resolved, Vec<Violation>> {
        let mut found = Vec::new();
        let resolved = resolve(self, object, reading, Level::Change, &mut found);
        if found.is_empty() { Ok(resolved) } else { Err(found) }
    }
}

/// What a condition is about, at this place of it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Records,
    /// A change of the record.
    Change,
    /// Records that refer to it.
    Referring,
}

impl Resolved {
    /// Every path across references that the condition takes, for loading what it needs.
    pub fn paths(&self, visit: &mut impl FnMut(&[Hop])) {
        match self {
            Resolved::Always(_) => {}
            Resolved::All(list) | Resolved::Any(list) => list.iter().for_each(|c| c.paths(visit)),
            Resolved::Not(inner) => inner.paths(visit),
            Resolved::Test(test) if test.hops.is_empty() => {}
            Resolved::Test(test) => visit(&test.hops),
            Resolved::Exists(_) | Resolved::Changed(_) => {}
        }
    }

    /// Every test of referring records.
    pub fn exists(&self, visit: &mut impl FnMut(&ExistsTest)) {
        match self {
            Resolved::All(list) | Resolved::Any(list) => list.iter().for_each(|c| c.exists(visit)),
            Resolved::Not(inner) => inner.exists(visit),
            Resolved::Exists(test) => visit(test),
            Resolved::Always(_) | Resolved::Test(_) | Resolved::Changed(_) => {}
        }
    }
}

fn resolve(condition: &Condition, object: &str, reading: &Reading<'_>, level: Level, found: &mut Vec<Violation>) -> Resolved {
    match condition {
        Condition::All(list) => Resolved::All(list.iter().map(|c| resolve(c, object, reading, level, found)).collect()),
        Condition::Any(list) => Resolved::Any(list.iter().map(|c| resolve(c, object, reading, level, found)).collect()),
        Condition::Not(inner) => Resolved::Not(Box::new(resolve(inner, object, reading, level, found))),
        Condition::Row(row) => row_test(row, object, reading, level).unwrap_or_else(|violation| {
            found.push(violation);
            Resolved::Always(false)
        }),
        Condition::Exists(exists) => exists_test(exists, object, reading, level, found).unwrap_or_else(|violation| {
            found.push(violation);
            Resolved::Always(false)
        }),
    }
}

fn exists_test(
    exists: &Exists,
    object: &str,
    reading: &Reading<'_>,
    level: Level,
    found: &mut Vec<Violation>,
) -> Result<Resolved, Violation> {
    if level == Level::Referring {
        return Err(wrong(&exists.object, "“exists” reaches one level only"));
    }
    let child = reading.schema.object(&exists.object).ok_or_else(|| Violation::new("field.unknown", &exists.object))?;
    let via = match &exists.via {
        Some(via) => child.field(via).filter(|field| field.kind.may_refer_to(object)),
        None => refers_first(child, object),
    };
    let via =
        via.ok_or_else(|| Violation::new("field.unknown", format!("{}.{}", exists.object, exists.via.as_deref().unwrap_or(object))))?;
    let filter = match &exists.filter {
        Some(inner) => resolve(inner, &exists.object, reading, Level::Referring, found),
        None => Resolved::Always(true),
    };
    Ok(Resolved::Exists(ExistsTest {
        object: exists.object.clone(),
        via: via.key.clone(),
        filter: Box::new(filter),
        at_least: exists.at_least,
    }))
}

/// The field by which records of `child` refer to those of `object` where none is named: one that leads to nothing else comes first.
pub(super) fn refers_first<'a>(child: &'a Object, object: &str) -> Option<&'a Field> {
    let own = |field: &&Field| !field.system && field.kind.may_refer_to(object);
    let leads = child.fields.iter().find(|field| own(field) && field.kind.target().is_some());
    leads.or_else(|| child.fields.iter().find(own))
}

fn wrong(path: &str, reason: &str) -> Violation {
    Violation::new("condition.invalid", path).with("reason", reason)
}

fn row_test(row: &Row, object: &str, reading: &Reading<'_>, level: Level) -> Result<Resolved, Violation> {
    if row.op.judges_change() {
        return change_test(row, object, reading, level);
    }
    let unknown = || Violation::new("field.unknown", &row.field);
    let mut at: &Object = reading.schema.object(object).ok_or_else(unknown)?;
    let mut hops = Vec::new();
    let mut parts = row.field.split('.').peekable();
    let mut last = "";
    while let Some(part) = parts.next() {
        last = part;
        if parts.peek().is_some() {
            let target = at.field(part).and_then(|field| field.kind.target()).ok_or_else(unknown)?;
            hops.push(Hop { field: part.to_owned(), object: target.to_owned() });
            at = reading.schema.object(target).ok_or_else(unknown)?;
        }
    }
    if hops.len() > MAX_HOPS {
        return Err(wrong(&row.field, "a path crosses at most 3 references"));
    }
    if last == "id" {
        let id = Field::new("id", crate::Label::default(), FieldType::Reference { object: at.key.clone() });
        return Typed { row, field: &id, reading }.test(hops);
    }
    let field = at.field(last).ok_or_else(unknown)?;
    if !field.is_stored() {
        return Err(Violation::new("field.not_indexed", &row.field));
    }
    // What is reckoned is compared as what it comes to.
    let entered = match &field.kind {
        FieldType::Calculated { result, .. } | FieldType::Statistical { result, .. } => {
            Some(Field { kind: result.entered(), ..field.clone() })
        }
        _ => None,
    };
    Typed { row, field: entered.as_ref().unwrap_or(field), reading }.test(hops)
}

fn change_test(row: &Row, object: &str, reading: &Reading<'_>, level: Level) -> Result<Resolved, Violation> {
    if level != Level::Change {
        return Err(wrong(&row.field, "whether something changes is asked only where a change is judged"));
    }
    if row.field.contains('.') || row.field == "id" {
        return Err(wrong(&row.field, "whether something changes is asked of the record's own fields"));
    }
    let equal = |op: Op| row_test(&Row { op, ..row.clone() }, object, reading, Level::Records);
    let test = match row.op {
        Op::Changed => equal(Op::IsNotEmpty)?,
        // A value is given as for “equal”; none means blank.
        _ if row.value.is_null() => equal(Op::IsEmpty)?,
        _ => equal(Op::Eq)?,
    };
    let Resolved::Test(test) = test else { return Err(wrong(&row.field, "whether something changes cannot be asked of this field")) };
    let (mut from, mut to) = (None, None);
    match row.op {
        Op::ChangedFrom => from = Some(test.check),
        Op::ChangedTo => to = Some(test.check),
        _ => {}
    }
    Ok(Resolved::Changed(ChangeTest { field: test.field, folded: test.folded, from, to }))
}

/// One row with its field: gives operator and constants their types.
struct Typed<'a> {
    row: &'a Row,
    field: &'a Field,
    reading: &'a Reading<'a>,
}

impl Typed<'_> {
    fn test(&self, hops: Vec<Hop>) -> Result<Resolved, Violation> {
        let kind = self.field.kind.kind();
        let check = match self.row.op {
            Op::IsEmpty => Check::Empty,
            Op::IsNotEmpty => Check::NotEmpty,
            _ => match kind {
                Kind::Text => self.text()?,
                Kind::LongText => self.long_text()?,
                Kind::Key => self.exact(|json| self.constant(json))?,
                Kind::Keys => self.keys()?,
                Kind::Number | Kind::Money => self.ordered(|json| self.constant(json))?,
                Kind::Bool => self.truth()?,
                Kind::Date => self.dates()?,
                Kind::Instant => return Ok(self.wrap(hops, kind, self.instants()?)),
                Kind::Ref | Kind::Regarding => self.people()?,
            },
        };
        Ok(self.wrap(hops, kind, check))
    }

    fn wrap(&self, hops: Vec<Hop>, kind: Kind, check: Check) -> Resolved {
        Resolved::Test(Test { hops, field: self.field.key.clone(), kind, folded: kind == Kind::Text, check })
    }

    fn no_such_op(&self) -> Violation {
        wrong(&self.row.field, &format!("“{}” does not go with {}", self.row.op.key(), self.field.kind.name()))
    }

    fn constant(&self, json: &Json) -> Result<Value, Violation> {
        if json.is_null() {
            return Err(wrong(&self.row.field, "a value is missing"));
        }
        let text = match (self.field.kind.kind(), json) {
            // A number is compared as it is: limits of the field and its scale do not matter here.
            (Kind::Number, Json::String(text)) => Some(text.clone()),
            (Kind::Number, Json::Number(n)) => Some(n.to_string()),
            _ => None,
        };
        if let Some(text) = text {
            return Number::parse(&text).map(Value::Number).ok_or_else(|| wrong(&self.row.field, "not a number"));
        }
        if self.field.kind.kind() == Kind::Money {
            return self.main_amount(json);
        }
        match self.field.parse(json, self.reading.rates.main()) {
            Ok(Value::Null) | Err(_) => Err(wrong(&self.row.field, "the value does not fit the field").with("value", json.clone())),
            Ok(value) => Ok(value),
        }
    }

    /// An amount in the main currency; one in another currency is converted at today's rate.
    fn main_amount(&self, json: &Json) -> Result<Value, Violation> {
        let (amount, currency) = match json {
            Json::Object(map) => (map.get("amount").unwrap_or(&Json::Null), map.get("currency").and_then(Json::as_str)),
            bare => (bare, None),
        };
        let text = match amount {
            Json::String(text) => text.clone(),
            Json::Number(n) => n.to_string(),
            _ => return Err(wrong(&self.row.field, "not an amount")),
        };
        let amount = Amount::parse(&text).ok_or_else(|| wrong(&self.row.field, "not an amount"))?;
        let rates = self.reading.rates;
        let currency: Currency = match currency {
            None => rates.main(),
            Some(code) => code.parse().map_err(|()| wrong(&self.row.field, "not a currency"))?,
        };
        let today = self.reading.now.date_in(&self.reading.calendar.zone);
        let main =
            rates.to_main(crate::Money { amount, currency }, today).ok_or_else(|| wrong(&self.row.field, "the currency has no rate"))?;
        Ok(Value::Number(Number(main.0)))
    }

    fn list(&self, read: impl Fn(&Json) -> Result<Value, Violation>) -> Result<Vec<Value>, Violation> {
        let items = self.row.value.as_array().ok_or_else(|| wrong(&self.row.field, "a list of values was expected"))?;
        if items.len() > 1000 {
            return Err(wrong(&self.row.field, "at most 1,000 values"));
        }
        items.iter().map(read).collect()
    }

    fn exact(&self, read: impl Fn(&Json) -> Result<Value, Violation>) -> Result<Check, Violation> {
        Ok(match self.row.op {
            Op::Eq => Check::Equal(read(&self.row.value)?),
            Op::Ne => Check::NotEqual(read(&self.row.value)?),
            Op::In => Check::In(self.list(read)?),
            Op::NotIn => Check::NotIn(self.list(read)?),
            _ => return Err(self.no_such_op()),
        })
    }

    fn ordered(&self, read: impl Fn(&Json) -> Result<Value, Violation>) -> Result<Check, Violation> {
        Ok(match self.row.op {
            Op::Lt => Check::Less(read(&self.row.value)?),
            Op::Le => Check::LessOrEqual(read(&self.row.value)?),
            Op::Gt => Check::Greater(read(&self.row.value)?),
            Op::Ge => Check::GreaterOrEqual(read(&self.row.value)?),
            Op::Between => {
                let ends = self.list(read)?;
                let [low, high] = ends.as_slice() else { return Err(wrong(&self.row.field, "two values were expected")) };
                Check::Between(low.clone(), high.clone())
            }
            _ => return self.exact(read),
        })
    }

    fn folded(&self, json: &Json) -> Result<String, Violation> {
        let text = json.as_str().ok_or_else(|| wrong(&self.row.field, "text was expected"))?;
        if !crate::text::storable(text) {
            return Err(wrong(&self.row.field, "the character U+0000 is not allowed"));
        }
        let folded = fold(text);
        if folded.is_empty() { Err(wrong(&self.row.field, "a value is missing")) } else { Ok(folded) }
    }

    fn text(&self) -> Result<Check, Violation> {
        Ok(match self.row.op {
            Op::Contains => Check::Contains(self.folded(&self.row.value)?),
            Op::NotContains => Check::NotContains(self.folded(&self.row.value)?),
            Op::StartsWith => Check::StartsWith(self.folded(&self.row.value)?),
            Op::EndsWith => Check::EndsWith(self.folded(&self.row.value)?),
            _ => return self.ordered(|json| self.folded(json).map(Value::Text)),
        })
    }

    fn long_text(&self) -> Result<Check, Violation> {
        match self.row.op {
            Op::Contains => Ok(Check::Contains(self.folded(&self.row.value)?)),
            Op::NotContains => Ok(Check::NotContains(self.folded(&self.row.value)?)),
            _ => Err(self.no_such_op()),
        }
    }

    fn keys(&self) -> Result<Check, Violation> {
        let one_or_many = match &self.row.value {
            Json::Array(_) => self.row.value.clone(),
            single => Json::Array(vec![single.clone()]),
        };
        let Value::Keys(keys) = self.constant(&one_or_many)? else { return Err(wrong(&self.row.field, "a value is missing")) };
        match self.row.op {
            Op::Contains | Op::In => Ok(Check::HasAny(keys)),
            Op::NotContains | Op::NotIn => Ok(Check::HasNone(keys)),
            _ => Err(self.no_such_op()),
        }
    }

    /// A blank boolean is false.
    fn truth(&self) -> Result<Check, Violation> {
        let Value::Bool(wanted) = self.constant(&self.row.value)? else { return Err(self.no_such_op()) };
        match (self.row.op, wanted) {
            (Op::Eq, true) | (Op::Ne, false) => Ok(Check::Equal(Value::Bool(true))),
            (Op::Eq, false) | (Op::Ne, true) => Ok(Check::NotEqual(Value::Bool(true))),
            _ => Err(self.no_such_op()),
        }
    }

    /// Everything before this very moment; of days, before today.
    fn means_past(&self) -> bool {
        let name = self.row.value.as_str().or_else(|| self.row.value.get("name").and_then(Json::as_str));
        name == Some("past")
    }

    fn days(&self) -> Result<crate::time::Days, Violation> {
        let (name, n) = match &self.row.value {
            Json::String(name) => (name.as_str(), 0),
            Json::Object(map) => (
                map.get("name").and_then(Json::as_str).unwrap_or(""),
                map.get("n").and_then(Json::as_i64).unwrap_or(0).clamp(0, 36_500) as i32,
            ),
            _ => ("", 0),
        };
        let today = self.reading.now.date_in(&self.reading.calendar.zone);
        self.reading.calendar.days(name, n, today).ok_or_else(|| wrong(&self.row.field, "unknown period of time"))
    }

    fn dates(&self) -> Result<Check, Violation> {
        if self.row.op == Op::Within {
            if self.means_past() {
                return Ok(Check::Less(Value::Date(self.reading.now.date_in(&self.reading.calendar.zone))));
            }
            let days = self.days()?;
            return Ok(Check::Between(Value::Date(days.first), Value::Date(days.last)));
        }
        self.ordered(|json| self.constant(json))
    }

    /// Instants may be compared with a day, which then means the whole of it in the organisation's zone.
    fn instants(&self) -> Result<Check, Violation> {
        let zone = &self.reading.calendar.zone;
        let start = |day: Date| Instant::start_of(day, zone);
        let end = |day: Date| Instant(start(day.saturating_add(jiff::ToSpan::days(1))).0 - 1);
        if self.row.op == Op::Within {
            if self.means_past() {
                return Ok(Check::Less(self.reading.now.into()));
            }
            let days = self.days()?;
            return Ok(Check::Between(start(days.first).into(), end(days.last).into()));
        }
        let day = |json: &Json| json.as_str().filter(|t| t.len() == 10).and_then(|t| t.parse::<Date>().ok());
        let whole = day(&self.row.value);
        Ok(match (self.row.op, whole) {
            (Op::Eq, Some(d)) => Check::Between(start(d).into(), end(d).into()),
            (Op::Lt, Some(d)) => Check::Less(start(d).into()),
            (Op::Le, Some(d)) => Check::LessOrEqual(end(d).into()),
            (Op::Gt, Some(d)) => Check::Greater(end(d).into()),
            (Op::Ge, Some(d)) => Check::GreaterOrEqual(start(d).into()),
            (Op::Between, _) => match self.row.value.as_array().map(Vec::as_slice) {
                Some([a, b]) => {
                    let low = day(a).map(|d| Ok(start(d).into())).unwrap_or_else(|| self.constant(a))?;
                    let high = day(b).map(|d| Ok(end(d).into())).unwrap_or_else(|| self.constant(b))?;
                    Check::Between(low, high)
                }
                _ => return Err(wrong(&self.row.field, "two values were expected")),
            },
            _ => return self.ordered(|json| self.constant(json)),
        })
    }

    fn people(&self) -> Result<Check, Violation> {
        let target = self.field.kind.target();
        let ids = |ids: Vec<Id>| Check::In(ids.into_iter().map(Value::Ref).collect());
        match (self.row.op, target) {
            (Op::IsMe, Some("employee")) => self
                .reading
                .me
                .map(|me| Check::Equal(Value::Ref(me)))
                .ok_or_else(|| wrong(&self.row.field, "“me” has no meaning in a rule")),
            (Op::MySubordinates, Some("employee")) => match self.reading.me {
                Some(_) => Ok(ids(self.reading.subordinates.to_vec())),
                None => Err(wrong(&self.row.field, "“me” has no meaning in a rule")),
            },
            (Op::MyDepartment, Some("department")) => match self.reading.me {
                Some(_) => Ok(ids(self.reading.my_department.into_iter().collect())),
                None => Err(wrong(&self.row.field, "“me” has no meaning in a rule")),
            },
            (Op::InDepartment, Some("department")) => Ok(ids(self.departments()?)),
            (Op::Eq | Op::Ne | Op::In | Op::NotIn, _) => self.exact(|json| {
                let id = match json {
                    Json::Object(map) => map.get("id").and_then(Json::as_str),
                    other => other.as_str(),
                };
                id.and_then(|text| text.parse().ok())
                    .map(Value::Ref)
                    .ok_or_else(|| wrong(&self.row.field, "the id of a record was expected"))
            }),
            _ => Err(self.no_such_op()),
        }
    }

    /// `"<id>"` or `{"id": …, "with_sub": true}`: the department, with those below it unless told otherwise.
    fn departments(&self) -> Result<Vec<Id>, Violation> {
        let (text, with_sub) = match &self.row.value {
            Json::String(text) => (Some(text.as_str()), true),
            Json::Object(map) => (map.get("id").and_then(Json::as_str), map.get("with_sub").and_then(Json::as_bool).unwrap_or(true)),
            _ => (None, true),
        };
        let root: Id = text.and_then(|t| t.parse().ok()).ok_or_else(|| wrong(&self.row.field, "the id of a department was expected"))?;
        let mut inside = vec![root];
        if with_sub {
            let below = |id: &Id| {
                let mut at = Some(*id);
                for _ in 0..100 {
                    match at {
                        Some(here) if here == root => return true,
                        Some(here) => at = self.reading.departments.get(&here).copied().flatten(),
                        None => return false,
                    }
                }
                false
            };
            inside.extend(self.reading.departments.keys().filter(|id| **id != root && below(id)));
        }
        Ok(inside)
    }
}
