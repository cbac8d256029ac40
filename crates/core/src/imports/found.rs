//! What was found out about a file, as it is kept and told.

use std::collections::BTreeMap;

use model::{Id, Instant, Violation};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};

use super::options::Format;
use super::profile::{Looks, Profile};
use super::spelling::{DateOrder, DecimalMark, ReadDate, read_date};

/// How somebody says that a file is to be read; what is absent is found out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    #[serde(default)]
    pub encoding: Option<String>,
    #[serde(default)]
    pub delimiter: Option<char>,
    /// Whether the first line names the columns.
    #[serde(default)]
    pub header: Option<bool>,
    #[serde(default)]
    pub sheet: Option<String>,
    /// How columns write their numbers and dates: of all of them, and of single ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_order: Option<DateOrder>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, Format>,
}

impl Wanted {
    /// What was said, as it is given: a correction says it again and adds its own.
    fn show(&self) -> Json {
        let columns: Map<String, Json> = self
            .columns
            .iter()
            .map(|(name, format)| (name.clone(), json!({"decimal": format.decimal.map(sign), "dates": format.dates.map(order)})))
            .collect();
        json!({
            "encoding": self.encoding, "delimiter": self.delimiter, "header": self.header, "sheet": self.sheet,
            "decimal": self.decimal.map(sign), "date_order": self.date_order.map(order), "columns": columns,
        })
    }
}

/// A file that waits for its import.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Found {
    #[serde(skip, default = "nobody")]
    pub id: Id,
    #[serde(skip)]
    pub name: String,
    #[serde(skip)]
    pub size: i64,
    #[serde(skip)]
    pub at: i64,
    #[serde(skip)]
    pub expires_at: i64,
    /// Which of its readings is meant.
    pub reading: i64,
    pub kind: Kind,
    pub wanted: Wanted,
    pub encoding: Option<String>,
    pub delimiter: Option<char>,
    pub header: bool,
    pub sheets: Vec<String>,
    pub sheet: Option<String>,
    /// Rows below the first line.
    pub rows: u64,
    pub columns: Vec<FoundColumn>,
    /// What stands against importing it.
    pub faults: Vec<Fault>,
}

fn nobody() -> Id {
    Id::SYSTEM
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Csv,
    Xlsx,
}

/// A column of a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FoundColumn {
    /// Trimmed; empty for a column that has neither a name nor a value.
    pub name: String,
    pub profile: Profile,
}

/// What stands against importing a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fault {
    pub code: String,
    pub path: String,
    pub params: Map<String, Json>,
}

impl Fault {
    /// A finding that is kept.
    pub fn of(violation: &Violation) -> Fault {
        Fault { code: violation.code.to_owned(), path: violation.path.clone(), params: violation.params.clone() }
    }

    /// The finding again.
    pub fn violation(&self) -> Violation {
        const CODES: [&str; 3] = ["import.header_blank", "import.header_twice", "import.too_many"];
        let code = CODES.iter().find(|code| **code == self.code).copied().unwrap_or("import.header_unknown");
        let mut violation = Violation::new(code, self.path.clone());
        violation.params.clone_from(&self.params);
        violation
    }
}

impl Found {
    /// Names of its columns.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.name.as_str())
    }

    /// The place of a column by its name.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The mark before the fraction in a column's numbers: as was said, else as they tell themselves.
    pub fn decimal_of(&self, column: &FoundColumn) -> DecimalMark {
        let said = self.wanted.columns.get(&column.name).and_then(|format| format.decimal).or(self.wanted.decimal);
        said.or(column.profile.decimal).unwrap_or(DecimalMark::Point)
    }

    /// The order of a column's dates: as was said, else as they tell themselves.
    pub fn order_of(&self, column: &FoundColumn) -> Option<DateOrder> {
        let said = self.wanted.columns.get(&column.name).and_then(|format| format.dates).or(self.wanted.date_order);
        said.or(column.profile.order)
    }

    /// The row, the first line of the file counted, at which its rows begin.
    pub fn first_row(&self) -> u64 {
        u64::from(self.header)
    }

    /// The ImportFile of the API, without what it matches.
    pub fn show(&self) -> Json {
        let columns: Vec<Json> = self.columns.iter().enumerate().map(|(position, column)| self.show_column(position, column)).collect();
        let all = || self.columns.iter().map(|column| &column.profile);
        let decimal = self.wanted.decimal.or_else(|| all().find_map(|profile| profile.decimal)).map(sign);
        let dates = self.wanted.date_order.or_else(|| all().find_map(|profile| profile.order)).map(order);
        let warnings: Vec<Json> =
            self.faults.iter().map(|fault| json!({"code": fault.code, "path": fault.path, "params": fault.params})).collect();
        json!({
            "id": self.id.to_string(), "name": self.name, "size": self.size, "kind": self.kind, "sheets": self.sheets,
            "found": {
                "encoding": self.encoding, "delimiter": self.delimiter, "header": self.header, "sheet": self.sheet, "decimal": decimal,
                "date_order": dates,
            },
            "said": self.wanted.show(),
            "rows": self.rows, "columns": columns, "warnings": warnings, "uploaded_at": Instant(self.at).to_string(), "expires_at": Instant(self.expires_at).to_string(),
        })
    }

    fn show_column(&self, position: usize, column: &FoundColumn) -> Json {
        let profile = &column.profile;
        let looks = profile.looks();
        let mut shown =
            json!({"name": column.name, "position": position, "samples": profile.samples, "filled": profile.filled, "looks": looks});
        match looks {
            Looks::Number => {
                let decimal = self.decimal_of(column);
                let grouping = match decimal {
                    DecimalMark::Point => ",",
                    DecimalMark::Comma => ".",
                };
                shown["numbers"] = json!({"decimal": sign(decimal), "grouping": profile.grouped.then_some(grouping)});
            }
            Looks::Date | Looks::Datetime => {
                let said = self.order_of(column);
                let certain = said.is_some() || profile.dates_are_certain();
                let order = said.map(order).or_else(|| certain.then_some("ymd"));
                let example =
                    (!certain).then(|| profile.samples.iter().find(|text| read_date(text, None) == ReadDate::Ambiguous)).flatten();
                shown["dates"] = json!({"order": order, "certain": certain, "example": example});
            }
            _ => {}
        }
        shown
    }
}

/// A decimal mark as the API says it.
pub fn sign(mark: DecimalMark) -> &'static str {
    match mark {
        DecimalMark::Point => ".",
        DecimalMark::Comma => ",",
    }
}

/// An order of dates as the API says it.
pub fn order(order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayFirst => "dmy",
        DateOrder::MonthFirst => "mdy",
        DateOrder::YearFirst => "ymd",
    }
}
