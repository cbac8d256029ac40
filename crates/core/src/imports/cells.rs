//! One cell's text to a typed value.

use std::collections::{BTreeMap, BTreeSet};

use model::field::{Choice, FieldType, Kind};
use model::{Currency, Field, Instant, Value, Violation};
use serde_json::{Value as Json, json};

use super::columns::Column;
use super::lookup::{Found, Lookup};
use super::nearness::nearest;
use super::options::Missing;
use super::plan::Prepare;
use super::spelling::{ReadDate, plain_number, read_date};
use crate::Meta;

/// What a cell came to.
pub enum Cell {
    Value(Value),
    /// It cannot be placed; perhaps with a near known name.
    Unplaced(Violation, Option<String>),
    /// It refers to a record of the object that is being imported, which may be a later row.
    Later,
    /// It refers to a record that is to be made of its name.
    Missing,
    /// It refers to what would be there if this were not a dry run.
    Planned,
}

/// What the cells of one import are read with.
pub struct Reader<'a> {
    pub meta: &'a Meta,
    pub lookup: &'a Lookup,
    /// The object that is imported.
    pub object: &'a str,
    pub currency: Currency,
    /// Whether references to later rows are still to come.
    pub later: bool,
    /// Single names by column that are made into records.
    pub create_values: &'a BTreeMap<String, BTreeSet<String>>,
    /// In a dry run: stages and processes that would be made first.
    pub prepare: Option<&'a Prepare>,
}

impl Reader<'_> {
    /// Reads a text that is not blank.
    pub fn read(&self, column: &Column, text: &str, factor: Option<&model::Number>) -> Cell {
        let field = &column.field;
        if let Some(target) = field.kind.target() {
            return self.reference(column, target, text);
        }
        if let Some(listed) = field.kind.listed() {
            return self.references(column, listed, text);
        }
        if field.kind == FieldType::Regarding {
            return self.regarding(column, text);
        }
        match &field.kind {
            FieldType::Select { options } => match option(options, text) {
                Some(key) => self.parse(field, &Json::from(key)),
                None if self.would_be_a_stage(field, text) => Cell::Planned,
                None => self.not_an_option(field, options, text),
            },
            FieldType::MultiSelect { options } => self.several(field, options, text),
            FieldType::Process => self.process(field, text),
            _ => match field.kind.kind() {
                Kind::Number => self.parse(field, &Json::from(times(&plain_number(text, column.decimal), factor))),
                Kind::Money => {
                    let (amount, currency) = self.money(text);
                    let amount = times(&plain_number(amount, column.decimal), factor);
                    self.parse(field, &json!({"amount": amount, "currency": currency.code()}))
                }
                Kind::Bool => match truth(text) {
                    Some(truth) => Cell::Value(truth.into()),
                    None => Cell::Unplaced(Violation::new("field.invalid", &field.key).with("expected", "true or false"), None),
                },
                Kind::Date => match read_date(text, column.dates) {
                    ReadDate::Date(day) => Cell::Value(day.into()),
                    other => unread(field, &other, "2026-11-23"),
                },
                Kind::Instant => match Instant::parse(text) {
                    Some(at) => Cell::Value(at.into()),
                    // A day alone begins at midnight where the organisation is.
                    None => match read_date(text, column.dates) {
                        ReadDate::Date(day) => Cell::Value(Instant::start_of(day, &self.meta.calendar.zone).into()),
                        other => unread(field, &other, "2026-11-23T15:48:00Z"),
                    },
                },
                _ => self.parse(field, &Json::from(text)),
            },
        }
    }

    fn parse(&self, field: &Field, json: &Json) -> Cell {
        match field.parse(json, self.currency) {
            Ok(value) => Cell::Value(value),
            Err(violation) => Cell::Unplaced(violation, None),
        }
    }

    fn would_be_a_stage(&self, field: &Field, text: &str) -> bool {
        let prepare = self.prepare.filter(|_| field.key == "stage");
        prepare.is_some_and(|prepare| option(&prepare.stages, text).is_some())
    }

    fn reference(&self, column: &Column, target: &str, text: &str) -> Cell {
        let field = &column.field;
        match self.lookup.get(target, column.reference.by, text) {
            Found::One(id) => Cell::Value(id.into()),
            Found::Several => Cell::Unplaced(Violation::new("import.ambiguous", &field.key), None),
            Found::Planned => Cell::Planned,
            Found::Nothing if self.later && target == self.object => Cell::Later,
            Found::Nothing if self.is_made(column, text) && field.kind.target().is_some() => Cell::Missing,
            Found::Nothing => {
                Cell::Unplaced(Violation::new("field.reference_not_found", &field.key), self.lookup.offer(target, text).map(str::to_owned))
            }
        }
    }

    /// A record is made of the name.
    fn is_made(&self, column: &Column, text: &str) -> bool {
        let named = || self.create_values.get(&column.name).is_some_and(|names| names.contains(text));
        column.reference.missing == Missing::Create || named()
    }

    /// A record of any object: `opportunity: Rail`, or by its name alone where only one is called so.
    fn regarding(&self, column: &Column, text: &str) -> Cell {
        let field = &column.field;
        let (mut found, mut near) = (Vec::new(), None);
        for (object, text) in regarded(self.meta, text) {
            match self.lookup.get(&object, column.reference.by, text) {
                Found::One(id) => found.push(Value::Regarding { object, id }),
                Found::Several => return Cell::Unplaced(Violation::new("import.ambiguous", &field.key), None),
                Found::Planned => return Cell::Planned,
                Found::Nothing => near = near.or(self.lookup.offer(&object, text).map(|name| format!("{object}: {name}"))),
            }
        }
        match found.len() {
            0 => Cell::Unplaced(Violation::new("field.reference_not_found", &field.key), near),
            1 => found.pop().map_or(Cell::Missing, Cell::Value),
            _ => Cell::Unplaced(Violation::new("import.ambiguous", &field.key), None),
        }
    }

    /// Several records, each by what the file calls it.
    fn references(&self, column: &Column, listed: &str, text: &str) -> Cell {
        let mut ids = Vec::new();
        for part in parts(text) {
            match self.reference(column, listed, part) {
                Cell::Value(value) => ids.extend(value.as_id().map(|id| Json::from(id.to_string()))),
                other => return other,
            }
        }
        self.parse(&column.field, &Json::from(ids))
    }

    fn not_an_option(&self, field: &Field, options: &[Choice], text: &str) -> Cell {
        let labels = options.iter().filter(|o| o.active).flat_map(|o| o.label.0.values().map(String::as_str).chain([o.key.as_str()]));
        Cell::Unplaced(Violation::new("field.not_an_option", &field.key), nearest(text, labels).map(str::to_owned))
    }

    fn several(&self, field: &Field, options: &[Choice], text: &str) -> Cell {
        let mut keys = Vec::new();
        for part in text.split([';', '|', '、']).map(str::trim).filter(|part| !part.is_empty()) {
            match option(options, part) {
                Some(key) => keys.push(key),
                None => return self.not_an_option(field, options, part),
            }
        }
        self.parse(field, &json!(keys))
    }

    /// A sales process by its id or name.
    fn process(&self, field: &Field, text: &str) -> Cell {
        let wanted = model::text::fold(text);
        let process =
            self.meta.processes.iter().find(|process| process.id.to_string() == text || model::text::fold(&process.name) == wanted);
        match process {
            Some(process) => self.parse(field, &Json::from(process.id.to_string())),
            None if self.prepare.is_some_and(|prepare| prepare.has_process(text)) => Cell::Planned,
            None => {
                let names = self.meta.processes.iter().map(|process| process.name.as_str());
                Cell::Unplaced(Violation::new("field.reference_not_found", &field.key), nearest(text, names).map(str::to_owned))
            }
        }
    }

    /// An amount's digits and its currency: `1054 EUR`, `EUR 1054`, `€1054`; a bare one is in the import's currency.
    fn money<'t>(&self, text: &'t str) -> (&'t str, Currency) {
        let text = text.trim();
        for (sign, code) in [("€", "EUR"), ("£", "GBP"), ("￥", "CNY")] {
            if let Some(rest) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
                return (rest.trim(), code.parse().unwrap_or(self.currency));
            }
        }
        let letters = |part: &str| part.len() == 3 && part.bytes().all(|b| b.is_ascii_alphabetic());
        let start = text.get(..3).filter(|part| letters(part)).and_then(|part| part.to_ascii_uppercase().parse().ok());
        if let Some(currency) = start {
            return (text[3..].trim(), currency);
        }
        let at = text.len().saturating_sub(3);
        let end = text.get(at..).filter(|part| letters(part)).and_then(|part| part.to_ascii_uppercase().parse().ok());
        match end {
            Some(currency) => (text[..at].trim(), currency),
            None => (text, self.currency),
        }
    }
}

/// The objects of which a cell may mean a record, and what it calls that: one where it names the object, by its key or in any language.
pub fn regarded<'t>(meta: &Meta, text: &'t str) -> Vec<(String, &'t str)> {
    let known = |name: &str| {
        let name = model::text::fold(name);
        let called = |object: &&std::sync::Arc<model::Object>| {
            object.key == name || object.label.0.values().chain(object.plural.0.values()).any(|label| model::text::fold(label) == name)
        };
        meta.schema.objects().find(called).map(|object| object.key.clone())
    };
    let divided = text.split_once([':', '：']).and_then(|(name, rest)| Some((known(name.trim())?, rest.trim())));
    match divided {
        Some(one) => vec![one],
        None => meta.schema.objects().filter(|object| object.may_be_regarded()).map(|object| (object.key.clone(), text)).collect(),
    }
}

/// What a cell calls several records, divided by semicolons.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '；']).map(str::trim).filter(|part| !part.is_empty())
}

fn unread(field: &Field, read: &ReadDate, example: &str) -> Cell {
    let violation = match read {
        ReadDate::Ambiguous => Violation::new("import.date_ambiguous", &field.key),
        _ => Violation::new("field.invalid", &field.key).with("expected", example),
    };
    Cell::Unplaced(violation, None)
}

/// The option of this key or label, in any language.
fn option<'a>(options: &'a [Choice], text: &str) -> Option<&'a str> {
    let wanted = model::text::fold(text);
    let by_key = options.iter().find(|o| o.key == text || model::text::fold(&o.key) == wanted);
    by_key.or_else(|| options.iter().find(|o| o.label.0.values().any(|label| model::text::fold(label) == wanted))).map(|o| o.key.as_str())
}

fn truth(text: &str) -> Option<bool> {
    match model::text::fold(text).as_str() {
        "true" | "yes" | "y" | "1" | "x" | "on" | "是" => Some(true),
        "false" | "no" | "n" | "0" | "off" | "否" => Some(false),
        _ => None,
    }
}

/// A plain number times the factor of its column, exactly; what cannot be multiplied exactly stays as it is, to be refused.
fn times(text: &str, factor: Option<&model::Number>) -> String {
    let Some(factor) = factor else { return text.to_owned() };
    let Some(number) = model::Number::parse(text) else { return text.to_owned() };
    let exact = i128::from(number.0) * i128::from(factor.0);
    match i64::try_from(exact / 1_000_000) {
        Ok(n) if exact % 1_000_000 == 0 => model::Number(n).to_string(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Label;

    #[test]
    fn options_are_found_by_key_and_by_label_in_any_language() {
        let options = [Choice::new("lost", Label::new("Deal lost", "输单")), Choice::new("won", Label::new("Won", "赢单"))];
        for (text, key) in [("Lost", Some("lost")), ("deal  LOST", Some("lost")), ("赢单", Some("won")), ("gone", None)] {
            assert_eq!(option(&options, text), key, "{text}");
        }
    }

    #[test]
    fn factors_are_exact() {
        let million = model::Number::whole(1_000_000);
        assert_eq!(times("1100.04", Some(&million)), "1100040000");
        assert_eq!(times("none", Some(&million)), "none");
        assert_eq!(times("7.5", None), "7.5");
    }
}
