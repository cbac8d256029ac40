//! Fields of objects: one file per kind of value, reading it from JSON, showing it, checking its limits.

mod auto_number;
mod choice;
mod currency;
mod day;
mod number;
mod pattern;
mod reference;
mod result;
mod state;
mod statistical;
mod text;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Condition, Currency, Id, Instant, Label, Value, Violation};

pub use auto_number::AutoNumber;
pub use choice::{Choice, StageType};
pub use pattern::check_pattern;
pub use reference::MOST_RECORDS;
pub use result::ResultType;
pub use state::{RECOVERABLE, State};
pub use statistical::Function;
pub(crate) use text::is_url;

/// A typed property of an object (spec/01).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// One name from column to JSON to label. The customer's own begin with `x_`.
    pub key: String,
    pub label: Label,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<Label>,
    #[serde(flatten)]
    pub kind: FieldType,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub unique: bool,
    /// Written by the product only.
    #[serde(default)]
    pub read_only: bool,
    /// A standard field that every object of its sort has (owner, created_at …).
    #[serde(default)]
    pub system: bool,
    /// Kept with an index of its own, for sorting and filtering of large objects.
    #[serde(default)]
    pub fast: bool,
    /// Value of a new record when none is given, as JSON of the API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required_when: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visible_when: Option<Condition>,
    #[serde(default, skip_serializing_if = "is_live")]
    pub state: State,
    /// Its formula has changed, and older records are still being reckoned anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settling: bool,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_at: Option<Instant>,
}

fn is_live(state: &State) -> bool {
    state.is_live()
}

/// The types a field may have, with their options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FieldType {
    Text {
        #[serde(default = "text::default_length")]
        max_length: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pattern: Option<String>,
    },
    LongText,
    Number {
        scale: u32,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        min: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max: Option<String>,
    },
    Currency,
    Percent {
        scale: u32,
    },
    Boolean,
    Date,
    Datetime,
    Select {
        options: Vec<Choice>,
    },
    MultiSelect {
        options: Vec<Choice>,
    },
    Email,
    Phone,
    Url,
    Reference {
        object: String,
    },
    /// Several records of one object, at most [`MOST_RECORDS`]. One asks which are among them; paths do not lead across.
    References {
        object: String,
    },
    /// The master of a sub-object, which is created with it and lives in it.
    Master {
        object: String,
    },
    /// A record of any object.
    Regarding,
    Employee,
    Department,
    AutoNumber {
        pattern: String,
    },
    /// A sales process, by its id. Processes are definitions, not records, so it is kept as a key.
    Process,
    /// Files, by their ids.
    Attachment,
    /// A formula over the record and what it refers to.
    Calculated {
        formula: String,
        #[serde(flatten)]
        result: ResultType,
        /// Stored, and kept at every change of what it depends on, so that lists can be filtered and sorted by it. Else it is
        /// reckoned whenever it is read.
        #[serde(default)]
        indexed: bool,
    },
    /// What the records of another object that refer to this one come to together (roll-up).
    Statistical {
        /// The object of those records.
        of: String,
        /// Their field that refers here.
        via: String,
        function: Function,
        /// Their field that is reckoned over; none where they are counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        field: Option<String>,
        /// Which of them count; over their own stored fields.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        condition: Option<Condition>,
        #[serde(flatten)]
        result: ResultType,
    },
}

/// How a value is kept and compared; several field types share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text compared folded; a companion column `<key>_fold` is kept.
    Text,
    /// Text in a side table, searched but not sorted.
    LongText,
    /// A key compared exactly: select options, auto numbers.
    Key,
    /// Several keys.
    Keys,
    /// BIGINT in millionths.
    Number,
    /// BIGINT in ten-thousandths, with `<key>_currency` and the companion `<key>_main`.
    Money,
    Bool,
    /// ISO text.
    Date,
    /// BIGINT, µs UTC.
    Instant,
    /// uuid / BLOB(16).
    Ref,
    /// `<key>_object` and `<key>`.
    Regarding,
}

impl FieldType {
    /// How its values are kept.
    pub fn kind(&self) -> Kind {
        match self {
            FieldType::Text { .. } | FieldType::Email | FieldType::Phone | FieldType::Url => Kind::Text,
            FieldType::LongText => Kind::LongText,
            FieldType::Number { .. } | FieldType::Percent { .. } => Kind::Number,
            FieldType::Currency => Kind::Money,
            FieldType::Boolean => Kind::Bool,
            FieldType::Date => Kind::Date,
            FieldType::Datetime => Kind::Instant,
            FieldType::Select { .. } | FieldType::AutoNumber { .. } | FieldType::Process => Kind::Key,
            FieldType::MultiSelect { .. } | FieldType::References { .. } | FieldType::Attachment => Kind::Keys,
            FieldType::Calculated { result, .. } | FieldType::Statistical { result, .. } => result.kind(),
            FieldType::Reference { .. } | FieldType::Master { .. } | FieldType::Employee | FieldType::Department => Kind::Ref,
            FieldType::Regarding => Kind::Regarding,
        }
    }

    /// The type's name as the API says it.
    pub fn name(&self) -> &'static str {
        match self {
            FieldType::Text { .. } => "text",
            FieldType::LongText => "long_text",
            FieldType::Number { .. } => "number",
            FieldType::Currency => "currency",
            FieldType::Percent { .. } => "percent",
            FieldType::Boolean => "boolean",
            FieldType::Date => "date",
            FieldType::Datetime => "datetime",
            FieldType::Select { .. } => "select",
            FieldType::MultiSelect { .. } => "multi_select",
            FieldType::Email => "email",
            FieldType::Phone => "phone",
            FieldType::Url => "url",
            FieldType::Reference { .. } => "reference",
            FieldType::References { .. } => "references",
            FieldType::Master { .. } => "master",
            FieldType::Regarding => "regarding",
            FieldType::Employee => "employee",
            FieldType::Department => "department",
            FieldType::AutoNumber { .. } => "auto_number",
            FieldType::Process => "process",
            FieldType::Attachment => "attachment",
            FieldType::Calculated { .. } => "calculated",
            FieldType::Statistical { .. } => "statistical",
        }
    }

    /// The object a reference leads to.
    pub fn target(&self) -> Option<&str> {
        match self {
            FieldType::Reference { object } | FieldType::Master { object } => Some(object),
            FieldType::Employee => Some("employee"),
            FieldType::Department => Some("department"),
            _ => None,
        }
    }

    /// The object whose records are listed, where several are.
    pub fn listed(&self) -> Option<&str> {
        match self {
            FieldType::References { object } => Some(object),
            _ => None,
        }
    }

    /// True where a value may be a record of this object, and is one record.
    pub fn may_refer_to(&self, object: &str) -> bool {
        self.target() == Some(object) || *self == FieldType::Regarding
    }

    /// The object of the records in a value, one or several.
    pub fn leads_to(&self) -> Option<&str> {
        self.target().or_else(|| self.listed())
    }

    /// The records that a value refers to, each with its object.
    pub fn referred<'a>(&'a self, value: &'a Value) -> Vec<(&'a str, Id)> {
        match (value, self.target(), self.listed()) {
            (Value::Ref(id), Some(target), _) => vec![(target, *id)],
            (Value::Regarding { object, id }, _, _) => vec![(object, *id)],
            (Value::Keys(_), _, Some(target)) => value.ids().into_iter().map(|id| (target, id)).collect(),
            _ => Vec::new(),
        }
    }

    /// The options of a select.
    pub fn options(&self) -> Option<&[Choice]> {
        match self {
            FieldType::Select { options } | FieldType::MultiSelect { options } => Some(options),
            _ => None,
        }
    }
}

impl Field {
    /// A field of a type, neither required nor read-only.
    pub fn new(key: &str, label: Label, kind: FieldType) -> Field {
        Field {
            key: key.to_owned(),
            label,
            help: None,
            kind,
            required: false,
            unique: false,
            read_only: false,
            system: false,
            fast: false,
            default: None,
            required_when: None,
            visible_when: None,
            state: State::Live,
            settling: false,
            hidden_at: None,
        }
    }

    /// True for the customer's own fields.
    pub fn is_own(&self) -> bool {
        self.key.starts_with("x_")
    }

    /// True where the product reckons the value from others.
    pub fn is_reckoned(&self) -> bool {
        matches!(self.kind, FieldType::Calculated { .. } | FieldType::Statistical { .. })
    }

    /// True where nobody types a value.
    pub fn is_kept_by_product(&self) -> bool {
        self.read_only || self.system || self.is_reckoned() || matches!(self.kind, FieldType::AutoNumber { .. })
    }

    /// True where the value is stored, so that it can be filtered, sorted and reckoned by.
    pub fn is_stored(&self) -> bool {
        !matches!(self.kind, FieldType::Calculated { indexed: false, .. })
    }

    /// True where pages can be put in its order.
    pub fn is_sortable(&self) -> bool {
        self.is_stored() && !matches!(self.kind.kind(), Kind::LongText | Kind::Keys | Kind::Regarding)
    }

    /// Must not be blank.
    #[must_use]
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }

    /// No two records share a value.
    #[must_use]
    pub fn unique(mut self) -> Field {
        self.unique = true;
        self
    }

    /// Written by the product only.
    #[must_use]
    pub fn read_only(mut self) -> Field {
        self.read_only = true;
        self
    }

    /// Kept by the product itself, beside the fields of the object's own.
    #[must_use]
    pub fn system(mut self) -> Field {
        self.system = true;
        self
    }

    /// Must not be blank where the condition holds.
    #[must_use]
    pub fn required_when(mut self, condition: Condition) -> Field {
        self.required_when = Some(condition);
        self
    }

    /// Shown where the condition holds.
    #[must_use]
    pub fn visible_when(mut self, condition: Condition) -> Field {
        self.visible_when = Some(condition);
        self
    }

    /// Indexed.
    #[must_use]
    pub fn fast(mut self) -> Field {
        self.fast = true;
        self
    }

    /// Value of a new record when none is given.
    #[must_use]
    pub fn default_to(mut self, json: impl Into<Json>) -> Field {
        self.default = Some(json.into());
        self
    }

    /// Reads the API's JSON; `null` and blank text are `Null`. `main` is the currency of an amount that names none.
    ///
    /// Errors: `field.invalid` with the type expected, `field.too_long`, `field.out_of_range`, `field.not_an_option`.
    pub fn parse(&self, json: &Json, main: Currency) -> Result<Value, Violation> {
        if json.is_null() || json.as_str().is_some_and(|text| text.trim().is_empty()) {
            return Ok(Value::Null);
        }
        match &self.kind {
            FieldType::Text { .. } | FieldType::LongText | FieldType::Email | FieldType::Phone | FieldType::Url => text::parse(self, json),
            FieldType::Number { .. } | FieldType::Percent { .. } => number::parse(self, json),
            FieldType::Currency => currency::parse(self, json, main),
            FieldType::Boolean => match json {
                Json::Bool(truth) => Ok(Value::Bool(*truth)),
                Json::String(text) if text == "true" || text == "false" => Ok(Value::Bool(text == "true")),
                _ => Err(self.invalid("true or false")),
            },
            FieldType::Date => day::parse_date(self, json),
            FieldType::Datetime => day::parse_instant(self, json),
            FieldType::Select { options } => choice::parse_one(self, options, json),
            FieldType::MultiSelect { options } => choice::parse_many(self, options, json),
            FieldType::Reference { .. } | FieldType::Master { .. } | FieldType::Employee | FieldType::Department => {
                reference::parse(self, json)
            }
            FieldType::Regarding => reference::parse_regarding(self, json),
            FieldType::AutoNumber { .. } => text::parse(self, json),
            FieldType::Process => reference::parse_process(self, json),
            FieldType::References { .. } => reference::parse_several(self, json),
            FieldType::Attachment => reference::parse_files(self, json),
            FieldType::Calculated { .. } | FieldType::Statistical { .. } => Err(Violation::new("field.read_only", &self.key)),
        }
    }

    /// The value as the API shows it.
    pub fn show(&self, value: &Value) -> Json {
        show(value)
    }

    fn invalid(&self, expected: &str) -> Violation {
        Violation::new("field.invalid", &self.key).with("expected", expected)
    }
}

/// A value as the API shows it: money as `{amount, currency}`, numbers as strings, instants RFC 3339.
pub fn show(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Text(text) => Json::String(text.clone()),
        Value::Number(n) => Json::String(n.to_string()),
        Value::Money(m) => serde_json::json!({"amount": m.amount.show(m.currency), "currency": m.currency.code()}),
        Value::Bool(truth) => Json::Bool(*truth),
        Value::Date(day) => Json::String(day.to_string()),
        Value::Instant(at) => Json::String(at.to_string()),
        Value::Ref(id) => Json::String(id.to_string()),
        Value::Regarding { object, id } => serde_json::json!({"object": object, "id": id.to_string()}),
        Value::Keys(keys) => Json::from(keys.clone()),
    }
}
