//! Values as a person reads them in a spreadsheet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use db::Read;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use model::field::{FieldType, Kind};
use model::{Date, Field, Id, Instant, Record, Value};

use super::Words;
use super::columns::Column;
use crate::records::names_of;
use crate::{Ctx, Result, files, processes};

/// Names that are kept in memory between pages.
const NAMES: usize = 20_000;

/// One cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Cell {
    Blank,
    Text(String),
    /// An exact decimal.
    Number(String),
    Date(Date),
    /// In the reader's time zone.
    Moment(DateTime),
    Truth(bool, &'static str),
}

/// Whose eyes and language the file has.
pub(super) struct Reader<'a> {
    pub cx: &'a Ctx,
    pub words: Words,
    pub zone: TimeZone,
    /// Options by key and references by id.
    pub keys: bool,
    pub names: HashMap<Id, String>,
}

impl Reader<'_> {
    /// Learns the names of what these records refer to in the columns shown, as far as they may be seen.
    pub fn learn_names(&mut self, tx: &mut Read, columns: &[Column], records: &[&Record]) -> Result<()> {
        if self.names.len() > NAMES {
            self.names.clear();
        }
        let mut wanted: BTreeMap<&str, BTreeSet<Id>> = BTreeMap::new();
        let mut files: BTreeSet<Id> = BTreeSet::new();
        for field in columns.iter().filter_map(|column| if let Column::Field(field) = column { Some(field) } else { None }) {
            for record in records {
                if let (FieldType::Attachment, Value::Keys(ids)) = (&field.kind, record.get(&field.key)) {
                    files.extend(ids.iter().filter_map(|id| id.parse::<Id>().ok()));
                    continue;
                }
                for (object, id) in field.kind.referred(record.get(&field.key)) {
                    if !self.names.contains_key(&id) {
                        wanted.entry(object).or_default().insert(id);
                    }
                }
            }
        }
        for (key, ids) in wanted {
            let Ok(object) = self.cx.object(key) else { continue };
            let ids: Vec<Id> = ids.into_iter().filter(|id| *id != Id::SYSTEM).collect();
            self.names.extend(names_of(self.cx, tx, object, &ids)?);
        }
        if !files.is_empty() {
            let named = files::names(tx, &files)?;
            self.names.extend(named.into_iter().map(|(id, file)| (id, file["name"].as_str().unwrap_or_default().to_owned())));
        }
        Ok(())
    }

    /// The cells of a column: one, or the two of an amount.
    pub fn cells(&self, column: &Column, record: &Record) -> Vec<Cell> {
        match column {
            Column::Id => vec![Cell::Text(record.id.to_string())],
            Column::Overdue => vec![self.truth(processes::overdue(self.cx, record))],
            Column::Field(field) => match record.get(&field.key) {
                Value::Money(money) => {
                    vec![Cell::Number(money.amount.show(money.currency)), Cell::Text(money.currency.code().to_owned())]
                }
                Value::Null if field.kind.kind() == Kind::Money => vec![Cell::Blank, Cell::Blank],
                value => vec![self.one(field, value)],
            },
        }
    }

    fn one(&self, field: &Field, value: &Value) -> Cell {
        match value {
            Value::Null => Cell::Blank,
            Value::Text(text) => Cell::Text(self.word(field, text)),
            Value::Keys(keys) => {
                // What is out of sight has no name and no place.
                let words = keys.iter().map(|key| self.word(field, key)).filter(|word| !word.is_empty());
                Some(words.collect::<Vec<_>>().join("; ")).filter(|text| !text.is_empty()).map_or(Cell::Blank, Cell::Text)
            }
            Value::Number(number) => Cell::Number(number.to_string()),
            Value::Money(money) => Cell::Number(money.amount.show(money.currency)),
            Value::Bool(truth) => self.truth(*truth),
            Value::Date(day) => Cell::Date(*day),
            Value::Instant(at) => Cell::Moment(self.moment(*at)),
            Value::Ref(id) => self.name(*id, || id.to_string()),
            Value::Regarding { object, id } => self.name(*id, || format!("{object}:{id}")),
        }
    }

    /// An option by its label, a process, a file and one of several records by its name, any other text as it is.
    fn word(&self, field: &Field, text: &str) -> String {
        if self.keys {
            return text.to_owned();
        }
        if let Some(options) = field.kind.options() {
            let option = options.iter().find(|option| option.key == text);
            return option.map_or_else(|| text.to_owned(), |option| option.label.in_language(&self.cx.who.language).to_owned());
        }
        match field.kind {
            FieldType::Attachment | FieldType::References { .. } => {
                text.parse().ok().and_then(|id| self.names.get(&id)).cloned().unwrap_or_default()
            }
            FieldType::Process => self.cx.meta.process(text).map_or_else(|| text.to_owned(), |process| process.name.clone()),
            _ => text.to_owned(),
        }
    }

    /// What is out of sight has no name.
    fn name(&self, id: Id, key: impl FnOnce() -> String) -> Cell {
        if self.keys {
            return Cell::Text(key());
        }
        self.names.get(&id).map_or(Cell::Blank, |name| Cell::Text(name.clone()))
    }

    fn truth(&self, truth: bool) -> Cell {
        let word = match (self.keys, truth) {
            (true, true) => "true",
            (true, false) => "false",
            (false, true) => self.words.yes,
            (false, false) => self.words.no,
        };
        Cell::Truth(truth, word)
    }

    fn moment(&self, at: Instant) -> DateTime {
        moment(&self.zone, at)
    }
}

/// An instant as a clock in the zone shows it.
pub(super) fn moment(zone: &TimeZone, at: Instant) -> DateTime {
    let at = Timestamp::from_microsecond(at.0).unwrap_or(Timestamp::UNIX_EPOCH);
    at.to_zoned_datetime(zone.clone()).datetime()
}
