//! What an import is asked to do.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::spelling::{DateOrder, DecimalMark};

/// The `options` of a step.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Key of the object whose records the rows are.
    pub object: String,
    /// Field of each column; `null` leaves a column out. Columns not named here are mapped when their name is a field's key or label.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub mapping: BTreeMap<String, Option<Target>>,
    /// What becomes of rows whose record is there already, and of those whose is not.
    #[serde(default)]
    pub mode: Mode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<Keys>,
    /// What a column's texts stand for: `{"product": {"GTXPro": "GTX Pro"}}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// How a column names the records that it refers to, and what to do where there is none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub references: BTreeMap<String, Reference>,
    /// How a column writes its numbers and dates, where that was found out wrongly or not at all.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub formats: BTreeMap<String, Format>,
    /// Records carry their past: `created_at`, `stage_entered_at` and `closed_at` may be mapped. Needs the act `import_history`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub history: bool,
    /// With `history`: the stage in which a closed deal stood from `stage_entered_at` until `closed_at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_close: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub dry_run: bool,
    /// Columns of references whose unknown names are made into records: short for `references: {column: {missing: "create"}}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub create_missing: Vec<String>,
    /// Single names of such columns that are made into records.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub create_values: BTreeMap<String, BTreeSet<String>>,
    /// Fields that every row has alike, written as a cell would be.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constants: BTreeMap<String, String>,
    /// Text fields put together from columns: `{"name": "{product} – {account}"}`; the row's external id where one of them is blank.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub templates: BTreeMap<String, String>,
    /// Whom a new record belongs to whose row names no owner: an employee's id, name or e-mail address. The importing person when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_owner: Option<String>,
    /// What a blank cell does to a record that is there.
    #[serde(default)]
    pub on_blank: OnBlank,
    /// Takes only the first row of each value of this column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct: Option<String>,
    /// Columns in thousands or millions: `{"revenue": "1000000"}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub factors: BTreeMap<String, String>,
    /// Columns whose dates could be read both ways.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dates: BTreeMap<String, DateOrder>,
    /// Currency of amounts that name none; the main currency when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Records that hang on the row's own, told by further columns of it. Rows that repeat a key then add to the same record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sub_objects: Vec<SubObject>,
    /// Whether rows are checked for duplicates, and what becomes of those that are.
    #[serde(default, skip_serializing_if = "Duplicates::is_usual")]
    pub duplicates: Duplicates,
    /// Whether flows catch what the rows do. Leaving them out is an act of its own (`skip_approval`), with a reason.
    #[serde(default, skip_serializing_if = "Approvals::is_usual")]
    pub approvals: Approvals,
    /// Why approvals are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
}

fn is_false(truth: &bool) -> bool {
    !truth
}

/// What becomes of rows by whether their record is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// New ones only; rows whose record is there are skipped.
    Insert,
    /// Known ones only; rows without a record are skipped.
    Update,
    #[default]
    Upsert,
}

/// Whether approvals run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Approvals {
    #[default]
    Run,
    Skip,
}

impl Approvals {
    fn is_usual(&self) -> bool {
        *self == Approvals::Run
    }
}

/// Whether rows are checked for duplicates, and what becomes of those that are.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Duplicates {
    /// Rules that block hold whether or not it is.
    #[serde(default = "yes")]
    pub check: bool,
    #[serde(default)]
    pub then: Then,
    /// Single rows by their number in the file, the header being the first.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rows: BTreeMap<u64, Then>,
}

impl Default for Duplicates {
    fn default() -> Duplicates {
        Duplicates { check: true, then: Then::default(), rows: BTreeMap::new() }
    }
}

impl Duplicates {
    fn is_usual(&self) -> bool {
        *self == Duplicates::default()
    }

    /// What becomes of a row in case it is a duplicate.
    pub fn of(&self, line: u64) -> Then {
        self.rows.get(&line).copied().unwrap_or(self.then)
    }
}

/// What becomes of a row that is a duplicate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// It stays out, as refused.
    Refuse,
    /// It stays out, as was asked.
    Skip,
    /// It is made all the same, where it is only warned of (D30).
    #[default]
    Create,
    /// It changes the record that was found, where there is one that the caller sees.
    Update,
}

fn yes() -> bool {
    true
}

/// What a blank cell does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnBlank {
    #[default]
    Keep,
    Clear,
}

/// Where a column goes: one field, or several that it tells at once.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Target {
    One(String),
    Several(Vec<String>),
}

impl Target {
    /// The fields.
    pub fn fields(&self) -> &[String] {
        match self {
            Target::One(field) => std::slice::from_ref(field),
            Target::Several(fields) => fields,
        }
    }
}

/// How a row finds its record again.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Keys {
    /// Name of the other system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_source: Option<String>,
    /// Column with its ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_column: Option<String>,
    /// A field to find the record by when no external column is given: a unique field, else the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// Column with our own ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_column: Option<String>,
}

/// How a column names what it refers to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    #[serde(default)]
    pub by: By,
    #[serde(default)]
    pub missing: Missing,
}

/// By what a record is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// Whichever of them fits: the id elsewhere first, then name and code, then our id.
    #[default]
    Any,
    Name,
    /// A unique text: a number, a code, an e-mail address.
    Code,
    Id,
    External,
}

/// What to do where nothing is called so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The value stays out and is told; the row goes in without it.
    #[default]
    Blank,
    /// The row stays out.
    Error,
    /// A record of that name is made.
    Create,
}

/// How a column writes its values.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Format {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimal: Option<DecimalMark>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dates: Option<DateOrder>,
    /// The column that tells the currency of its amounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// What its numbers are to be multiplied by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
}

/// Records that hang on the row's own.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SubObject {
    pub object: String,
    /// The field that refers to the row's record; found out where there is one alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    pub mapping: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constants: BTreeMap<String, String>,
    /// Fields by which one is found again among those of its record; all that are filled when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<String>,
}

impl Options {
    /// How a column names what it refers to.
    pub fn reference(&self, column: &str) -> Reference {
        let said = self.references.get(column).copied().unwrap_or_default();
        if self.create_missing.iter().any(|name| name == column) { Reference { missing: Missing::Create, ..said } } else { said }
    }

    /// The multiplier of a column, as it was written.
    pub fn factor(&self, column: &str) -> Option<&str> {
        let of_format = self.formats.get(column).and_then(|format| format.factor.as_deref());
        of_format.or_else(|| self.factors.get(column).map(String::as_str))
    }
}
