//! What a chart says, and what may be wrong with how it is kept.

use model::{Violation, Violations};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::Chart;
use crate::Ctx;
use crate::views::{Scope, Sharing};

/// Characters of a name, and of a description.
const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 500;

/// The body of `POST /charts` and `PUT /charts/{id}`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub name: String,
    #[serde(default)]
    pub description: Option<String>,
    pub chart: Chart,
    #[serde(default)]
    pub sharing: Sharing,
    // The product's own, and not the caller's to say.
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
    #[serde(default, rename = "owner")]
    _owner: IgnoredAny,
    #[serde(default, rename = "mine")]
    _mine: IgnoredAny,
    #[serde(default, rename = "can")]
    _can: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
}

/// What a chart says, as it is stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub chart: Chart,
    pub sharing: Sharing,
}

impl Wanted {
    /// The document, with no blanks around its words.
    pub(super) fn tidy(&self) -> Document {
        let mut chart = self.chart.clone();
        chart.filter = chart.filter.filter(|filter| !filter.is_null());
        let mut sharing = self.sharing.clone();
        sharing.roles.sort();
        sharing.roles.dedup();
        Document {
            name: self.name.trim().to_owned(),
            description: self.description.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
            chart,
            sharing,
        }
    }
}

impl Document {
    /// All that stands against its words and its sharing.
    pub(super) fn judge(&self, cx: &Ctx) -> Violations {
        let mut found = Violations::new();
        if self.name.is_empty() {
            found.push(Violation::new("field.required", "name"));
        }
        for (path, text, most) in
            [("name", self.name.as_str(), LONGEST_NAME), ("description", self.description.as_deref().unwrap_or(""), LONGEST_DESCRIPTION)]
        {
            if !model::text::storable(text) {
                found.push(Violation::new("field.invalid", path).with("expected", "text without the character U+0000"));
            } else if text.chars().count() > most {
                found.push(Violation::new("field.too_long", path).with("max", most));
            }
        }
        if !cx.is_administrator() {
            if self.sharing.scope != Scope::Private {
                found.push(Violation::new("chart.sharing_not_allowed", "sharing"));
            }
            return found;
        }
        if self.sharing.scope == Scope::Roles && self.sharing.roles.is_empty() {
            found.push(Violation::new("field.required", "sharing/roles"));
        }
        for role in self.sharing.roles.iter().filter(|role| cx.meta.role(role).is_none()) {
            found.push(Violation::new("field.reference_not_found", format!("sharing/roles/{role}")));
        }
        found
    }
}
