//! Objects: kinds of record, described as data.

use serde::{Deserialize, Serialize};

use crate::field::{FieldType, Kind, State};
use crate::{Condition, Field, Instant, Label};

/// A kind of record: opportunity, account, employee … or the customer's own. Preset and own objects are the same data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Object {
    pub key: String,
    pub label: Label,
    pub plural: Label,
    /// Shipped with the product.
    pub preset: bool,
    /// Has an owner, a team and an owner's department.
    pub owned: bool,
    /// Its records may be without an owner until somebody takes or gives them; then they are seen by whoever may assign them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub ownerless: bool,
    pub base: Base,
    /// Order in which roots are locked: masters and the referred-to before what hangs on them (core rule 3).
    pub rank: u16,
    /// Fields, the standard ones included, in their order on screen.
    pub fields: Vec<Field>,
    /// Indexes over several fields, for the questions asked most often (the board's columns, an owner's open deals).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indexes: Vec<Vec<String>>,
    #[serde(default, skip_serializing_if = "is_live")]
    pub state: State,
    /// When it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden_at: Option<Instant>,
    /// Counts the changes of the definition, so that of two who change it at once the second is shown what the first did.
    #[serde(default)]
    pub version: i64,
    /// A key of the screen's list of pictures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub icon: Option<String>,
    /// How its screens are laid out, by role; the first that names a role of the reader, else the first for everybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layouts: Vec<Layout>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub validations: Vec<Validation>,
    /// Keys of fields that are gone: their columns may still be there, so the keys do not come again (core rule 17).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retired: Vec<String>,
}

fn is_live(state: &State) -> bool {
    state.is_live()
}

/// What a record's form and page show, and in which order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// For people with one of these roles; empty: for everybody whom no other layout names.
    #[serde(default)]
    pub roles: Vec<String>,
    pub sections: Vec<Section>,
}

/// A part of a layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    #[serde(default)]
    pub label: Label,
    /// Keys of fields in their order.
    pub fields: Vec<String>,
    /// Folded until somebody opens it.
    #[serde(default)]
    pub collapsed: bool,
}

/// A rule of an administrator's own: what must not be, and what to say of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validation {
    pub key: String,
    /// A record that meets it is refused.
    pub condition: Condition,
    pub message: Label,
    /// Where the message is shown; at the whole when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default = "yes")]
    pub active: bool,
}

fn yes() -> bool {
    true
}

/// Fields of an object's own that it may have, those that are gone counted (core rule 17).
pub const MOST_OWN_FIELDS: usize = 400;
/// Fields of an object that may be marked fast or unique (core rule 17). The few indexes it ships with are measured, and take no room from them.
pub const MOST_INDEXES: usize = 8;

/// Who sees a record of the object when nothing else gives it (spec/01, Access).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// The owner, those above him, the team, shares, approvers, pools.
    #[default]
    Private,
    /// Everybody reads.
    PublicRead,
    /// Everybody reads and writes.
    PublicWrite,
    /// As the record in this field. A sub-object's base is its master field.
    ByParent(String),
}

impl Object {
    /// From this rank on come objects whose records hang on those of any other: they are locked after all of them.
    pub const HANGING: u16 = 60_000;

    /// The field of a key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The field that ties a sub-object to its master, and the master's object.
    pub fn master(&self) -> Option<(&Field, &str)> {
        self.fields.iter().find_map(|field| match &field.kind {
            FieldType::Master { object } => Some((field, object.as_str())),
            _ => None,
        })
    }

    /// The field of what its records live in, and that object: a master, or a parent without which there is none of them and whose rights
    /// they have. What holds a record holds what lives in it: a lock, the recycle bin's end.
    pub fn lives_in(&self) -> Option<(&Field, &str)> {
        let by_parent = || match (&self.base, self.owned) {
            (Base::ByParent(field), false) => self.field(field).filter(|field| field.required),
            _ => None,
        };
        self.master().or_else(|| by_parent().and_then(|field| Some((field, field.kind.target()?))))
    }

    /// The field whose record lends its visibility: the base's, else the master.
    pub fn lender(&self) -> Option<&Field> {
        match &self.base {
            Base::ByParent(field) => self.field(field),
            _ => self.master().map(|(field, _)| field),
        }
    }

    /// The field by which its records hang on those of any object and are seen with them, as activities and tasks do.
    pub fn hangs_by(&self) -> Option<&Field> {
        self.lender().filter(|field| field.kind == FieldType::Regarding)
    }

    /// True where others may regard its records: those of a part are spoken of with the whole, and what regards something is regarded by
    /// nothing.
    pub fn may_be_regarded(&self) -> bool {
        self.hangs_by().is_none() && (self.owned || matches!(self.base, Base::PublicRead | Base::PublicWrite))
    }

    /// The field by which its records go when one of `object` goes for good: they live in it, or hang on it and cannot be without.
    pub fn goes_with(&self, object: &Object) -> Option<&Field> {
        let lives = self.lives_in().filter(|(_, of)| *of == object.key).map(|(field, _)| field);
        lives.or_else(|| self.hangs_by().filter(|field| field.required && object.hangs_by().is_none()))
    }

    /// Fields kept in the object's own table.
    pub fn columns(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.kind.kind() != Kind::LongText && field.is_stored())
    }

    /// The layout for somebody with these roles.
    pub fn layout(&self, roles: &[&str]) -> Option<&Layout> {
        let named = self.layouts.iter().find(|layout| layout.roles.iter().any(|role| roles.contains(&role.as_str())));
        named.or_else(|| self.layouts.iter().find(|layout| layout.roles.is_empty()))
    }

    /// True for fields that the product itself counts on: they can be named anew, not put aside.
    pub fn is_essential(&self, field: &Field) -> bool {
        const COUNTED_ON: [(&str, &[&str]); 13] = [
            ("opportunity", &["amount", "win_rate", "forecast_category", "expected_close_date"]),
            ("opportunity_line", &["position", "product", "unit", "price", "discount"]),
            ("quote", &["account", "contact", "price_book", "valid_until", "discount", "tax_rate", "rejected_reason"]),
            ("quote_line", &["position", "product", "unit", "price", "discount", "description"]),
            ("sales_order", &["account", "contact", "price_book", "quote", "discount", "tax_rate", "order_date", "cancelled_reason"]),
            ("sales_order_line", &["position", "product", "unit", "price", "discount", "description"]),
            ("price_book", &["valid_from", "valid_until", "standard", "active"]),
            ("product", &["active", "list_price", "unit"]),
            ("activity", &["contact"]),
            ("task", &["due_at", "remind_at"]),
            ("employee", &[]),
            ("department", &[]),
            ("user_group", &[]),
        ];
        let named = || match COUNTED_ON.iter().find(|(object, _)| *object == self.key) {
            Some((_, [])) => true,
            Some((_, fields)) => fields.contains(&field.key.as_str()),
            None => false,
        };
        let structural = matches!(&self.base, Base::ByParent(parent) if *parent == field.key);
        field.key == "name"
            || structural
            || matches!(field.kind, FieldType::Master { .. })
            || !field.is_own() && (field.system || field.read_only || field.required || named())
    }

    /// Fields kept in the side table of long texts.
    pub fn long_texts(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.kind.kind() == Kind::LongText)
    }

    /// The options of a select field; empty for another field.
    pub fn options(&self, field: &str) -> &[crate::field::Choice] {
        self.field(field).and_then(|f| f.kind.options()).unwrap_or(&[])
    }
}
