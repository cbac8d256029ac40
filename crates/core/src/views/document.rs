//! What a view says, and what may be wrong with it.

use std::collections::BTreeSet;

use model::field::Kind;
use model::role::FieldAccess;
use model::{Field, Id, Label, Object, Violation, Violations};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{Ctx, processes};

/// Characters of a name.
const LONGEST_NAME: usize = 100;
/// Views are tables for the time being.
const KIND: &str = "table";

/// Who besides its owner uses a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    #[default]
    Private,
    Everybody,
    Roles,
}

impl Scope {
    /// As stored.
    pub fn key(self) -> &'static str {
        match self {
            Scope::Private => "private",
            Scope::Everybody => "everybody",
            Scope::Roles => "roles",
        }
    }
}

/// Who uses a view.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sharing {
    #[serde(default)]
    pub scope: Scope,
    #[serde(default)]
    pub roles: Vec<String>,
}

impl Sharing {
    /// True of what is the caller's own, and of what is shared with him.
    pub(crate) fn reaches(&self, cx: &Ctx, owner: Id) -> bool {
        match self.scope {
            _ if owner == cx.who.id => true,
            Scope::Private => false,
            Scope::Everybody => true,
            Scope::Roles => cx.is_administrator() || cx.who.rights.roles().iter().any(|role| self.roles.contains(&role.key)),
        }
    }

    /// One's own is one's own to change, what is shared the administrators'.
    pub(crate) fn lets_change(&self, cx: &Ctx, owner: Id) -> bool {
        match self.scope {
            Scope::Private => owner == cx.who.id,
            Scope::Everybody | Scope::Roles => cx.is_administrator(),
        }
    }
}

/// The body of `POST /views` and `PUT /views/{id}`: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub object: String,
    pub name: String,
    #[serde(default)]
    pub kind: Option<String>,
    #[serde(default)]
    pub filter: Option<Json>,
    #[serde(default)]
    pub columns: Vec<String>,
    #[serde(default)]
    pub sort: Option<String>,
    #[serde(default)]
    pub group: Option<String>,
    #[serde(default)]
    pub sharing: Sharing,
    #[serde(default)]
    pub default_for: Vec<String>,
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

/// What a view says, as it is stored. The roles that begin with it are kept apart, since a role has one view to begin with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    pub object: String,
    pub name: String,
    /// What a shipped one is called in each language, until somebody names it anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub names: Option<Label>,
    pub kind: String,
    pub filter: Option<Json>,
    pub columns: Vec<String>,
    pub sort: Option<String>,
    pub group: Option<String>,
    pub sharing: Sharing,
    /// Not stored here.
    #[serde(skip)]
    pub(super) default_for: Vec<String>,
}

impl Wanted {
    /// The document, with nothing twice and no blanks around the name.
    pub(super) fn tidy(&self) -> Document {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        Document {
            object: self.object.clone(),
            name: self.name.trim().to_owned(),
            names: None,
            kind: self.kind.clone().unwrap_or_else(|| KIND.to_owned()),
            filter: self.filter.clone().filter(|filter| !filter.is_null()),
            columns: once(&self.columns),
            sort: given(&self.sort),
            group: given(&self.group),
            sharing: Sharing { scope: self.sharing.scope, roles: once(&self.sharing.roles) },
            default_for: once(&self.default_for),
        }
    }
}

fn once(list: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    list.iter().filter(|item| seen.insert(*item)).cloned().collect()
}

impl Document {
    /// A table of all records of an object.
    pub(super) fn new(object: &str, name: &str, sharing: Sharing) -> Document {
        Document {
            object: object.to_owned(),
            name: name.to_owned(),
            names: None,
            kind: KIND.to_owned(),
            filter: None,
            columns: Vec::new(),
            sort: None,
            group: None,
            sharing,
            default_for: Vec::new(),
        }
    }

    /// What it is called in a language.
    pub fn called(&self, language: &str) -> &str {
        self.names.as_ref().map_or(&self.name, |names| names.in_language(language))
    }

    /// Goes on being called as before, in all languages, where its name was not changed.
    pub(super) fn keep_names(&mut self, before: &Document) {
        self.names = before.names.clone().filter(|names| names.0.values().any(|name| *name == self.name));
    }

    /// All that stands against it but its filter.
    pub(super) fn judge(&self, cx: &Ctx, object: &Object) -> Violations {
        let mut found = Violations::new();
        if self.name.is_empty() {
            found.push(Violation::new("field.required", "name"));
        } else if !model::text::storable(&self.name) {
            found.push(Violation::new("field.invalid", "name").with("expected", "text without the character U+0000"));
        } else if self.name.chars().count() > LONGEST_NAME {
            found.push(Violation::new("field.too_long", "name").with("max", LONGEST_NAME));
        }
        if self.kind != KIND {
            found.push(Violation::new("field.not_an_option", "kind").with("value", self.kind.as_str()));
        }
        for column in self.columns.iter().filter(|column| !is_column(cx, object, column)) {
            found.push(Violation::new("field.unknown", format!("columns/{column}")));
        }
        if let Some(sort) = &self.sort {
            let key = sort.strip_prefix('-').unwrap_or(sort);
            match known(cx, object, key) {
                None => found.push(Violation::new("field.unknown", format!("sort/{key}"))),
                Some(field) if !is_sortable(field) => found.push(Violation::new("field.not_sortable", format!("sort/{key}"))),
                Some(_) => {}
            }
        }
        if let Some(key) = &self.group {
            match known(cx, object, key) {
                None => found.push(Violation::new("field.unknown", format!("group/{key}"))),
                Some(field) if !is_groupable(field) => found.push(Violation::new("field.not_groupable", format!("group/{key}"))),
                Some(_) => {}
            }
        }
        self.judge_sharing(cx, &mut found);
        found
    }

    fn judge_sharing(&self, cx: &Ctx, found: &mut Violations) {
        let sharing = &self.sharing;
        if !cx.is_administrator() {
            if sharing.scope != Scope::Private {
                found.push(Violation::new("view.sharing_not_allowed", "sharing"));
            }
            if !self.default_for.is_empty() {
                found.push(Violation::new("view.sharing_not_allowed", "default_for"));
            }
            return;
        }
        if sharing.scope == Scope::Roles && sharing.roles.is_empty() {
            found.push(Violation::new("field.required", "sharing/roles"));
        }
        for (path, roles) in [("sharing/roles", &sharing.roles), ("default_for", &self.default_for)] {
            for role in roles.iter().filter(|role| cx.meta.role(role).is_none()) {
                found.push(Violation::new("field.reference_not_found", format!("{path}/{role}")));
            }
        }
        // Nobody begins with what he cannot see.
        let seen = |role: &String| match sharing.scope {
            Scope::Private => false,
            Scope::Everybody => true,
            Scope::Roles => sharing.roles.contains(role),
        };
        for role in self.default_for.iter().filter(|role| cx.meta.role(role).is_some() && !seen(role)) {
            found.push(Violation::new("view.default_not_shared", format!("default_for/{role}")).with("role", role.as_str()));
        }
    }
}

/// The field of a key, where the caller may know of it.
pub(super) fn known<'a>(cx: &Ctx, object: &'a Object, key: &str) -> Option<&'a Field> {
    object.field(key).filter(|field| cx.who.rights.field(&object.key, field) > FieldAccess::Hidden)
}

/// True for what may be a column of this caller's list.
pub(super) fn is_column(cx: &Ctx, object: &Object, key: &str) -> bool {
    known(cx, object, key).is_some() || (key == "overdue" && processes::shows_overdue(cx, object))
}

/// True for fields by which lists are sorted.
pub(crate) fn is_sortable(field: &Field) -> bool {
    field.is_sortable()
}

/// True for fields by whose values records are counted: one value a record, and not as many values as instants or amounts.
pub(crate) fn is_groupable(field: &Field) -> bool {
    field.is_stored() && matches!(field.kind.kind(), Kind::Text | Kind::Key | Kind::Number | Kind::Bool | Kind::Date | Kind::Ref)
}
