//! What can be written: each kind of definition with its place in a folder, and the acts of its room by which it is told, saved and removed.

use db::{Read, Write};
use model::{Id, Violation};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};

use super::apply::How;
use super::{objects, text};
use crate::ctx::Who;
use crate::processes::Publish;
use crate::{
    Ctx, Error, Result, approvals, calendars, charts, duplicates, holding, homes, imports, leads, mail, organisation, pools, printing,
    processes, roles, sharing, views, web_forms, webhooks,
};

/// A kind of definition, in the order in which they are applied: what others name comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Organisation,
    Mail,
    Letterhead,
    Calendar,
    Object,
    Role,
    Process,
    Draft,
    Pool,
    Flow,
    DuplicateRule,
    HoldingDefinition,
    HoldingRule,
    LeadConversion,
    LeadRule,
    SharingRule,
    View,
    Chart,
    Home,
    WebForm,
    Webhook,
    ImportTemplate,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 22] = [
        Kind::Organisation,
        Kind::Mail,
        Kind::Letterhead,
        Kind::Calendar,
        Kind::Object,
        Kind::Role,
        Kind::Process,
        Kind::Draft,
        Kind::Pool,
        Kind::Flow,
        Kind::DuplicateRule,
        Kind::HoldingDefinition,
        Kind::HoldingRule,
        Kind::LeadConversion,
        Kind::LeadRule,
        Kind::SharingRule,
        Kind::View,
        Kind::Chart,
        Kind::Home,
        Kind::WebForm,
        Kind::Webhook,
        Kind::ImportTemplate,
    ];

    /// Its folder, or the name of its only file.
    pub fn place(self) -> &'static str {
        match self {
            Kind::Organisation => "organisation",
            Kind::Mail => "mail",
            Kind::Letterhead => "letterhead",
            Kind::Calendar => "calendars",
            Kind::Object => "objects",
            Kind::Role => "roles",
            Kind::Process => "processes",
            Kind::Draft => "process-drafts",
            Kind::Pool => "pools",
            Kind::Flow => "approval-flows",
            Kind::DuplicateRule => "duplicate-rules",
            Kind::HoldingDefinition => "holding-definitions",
            Kind::HoldingRule => "holding-rules",
            Kind::LeadConversion => "lead-conversion",
            Kind::LeadRule => "lead-assignment-rules",
            Kind::SharingRule => "sharing-rules",
            Kind::View => "views",
            Kind::Chart => "charts",
            Kind::Home => "homes",
            Kind::WebForm => "web-forms",
            Kind::Webhook => "webhooks",
            Kind::ImportTemplate => "import-templates",
        }
    }

    /// What one of it is called.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Organisation => "The organisation",
            Kind::Mail => "The way of e-mail",
            Kind::Letterhead => "The letterhead",
            Kind::Calendar => "The calendar",
            Kind::Object => "The object",
            Kind::Role => "The role",
            Kind::Process => "The sales process",
            Kind::Draft => "The draft of the sales process",
            Kind::Pool => "The pool",
            Kind::Flow => "The approval flow",
            Kind::DuplicateRule => "The duplicate rule",
            Kind::HoldingDefinition => "What counts as held of",
            Kind::HoldingRule => "The holding rule",
            Kind::LeadConversion => "The conversion of leads",
            Kind::LeadRule => "The lead assignment rule",
            Kind::SharingRule => "The sharing rule",
            Kind::View => "The view",
            Kind::Chart => "The chart",
            Kind::Home => "The Home of",
            Kind::WebForm => "The web form",
            Kind::Webhook => "The webhook",
            Kind::ImportTemplate => "The import template",
        }
    }

    /// True where the folder within its own is called as the object that it speaks of.
    pub fn speaks_of_its_folder(self) -> bool {
        use Kind::{Chart, DuplicateRule, HoldingDefinition, HoldingRule, ImportTemplate, Object, Pool, SharingRule, View};
        matches!(self, Object | Pool | DuplicateRule | HoldingDefinition | HoldingRule | SharingRule | View | Chart | ImportTemplate)
    }

    /// The kind of what is in a file, by its path within the folder.
    pub fn of_path(path: &str) -> Option<Kind> {
        let (place, single) = match path.split_once('/') {
            Some((folder, _)) => (folder, false),
            None => (path.trim_end_matches(".yaml").trim_end_matches(".yml"), true),
        };
        Kind::ALL.into_iter().find(|kind| kind.place() == place && kind.is_single() == single)
    }

    /// True where there is one of it, in one file.
    pub fn is_single(self) -> bool {
        matches!(self, Kind::Organisation | Kind::Mail | Kind::Letterhead | Kind::LeadConversion)
    }

    /// True where a file that says less leaves the rest as it is.
    pub(super) fn is_partial(self) -> bool {
        matches!(self, Kind::Organisation | Kind::Object)
    }

    /// True where the order of its definitions means something.
    pub(super) fn is_ordered(self) -> bool {
        matches!(self, Kind::Process | Kind::Flow | Kind::LeadRule)
    }

    /// What a definition is known by. None: the document does not say.
    pub(super) fn key_of(self, document: &Json) -> Option<String> {
        let text = |name: &str| document[name].as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let under = |object: Option<&str>| Some(format!("{}/{}", object?, text("name")?));
        match self {
            Kind::Organisation | Kind::Mail | Kind::Letterhead | Kind::LeadConversion => Some(self.place().to_owned()),
            Kind::Object | Kind::Role => text("key"),
            Kind::Flow => text("api_name"),
            Kind::Home => text("role"),
            Kind::HoldingDefinition => text("object"),
            Kind::Draft => text("of").or_else(|| text("name")),
            Kind::DuplicateRule | Kind::HoldingRule | Kind::Pool | Kind::SharingRule | Kind::View => under(document["object"].as_str()),
            Kind::Chart => under(document["chart"]["object"].as_str()),
            Kind::ImportTemplate => under(document["options"]["object"].as_str()),
            Kind::Calendar | Kind::Process | Kind::LeadRule | Kind::WebForm | Kind::Webhook => text("name"),
        }
    }

    /// What belongs to one database.
    fn own_of_database(self) -> &'static [&'static str] {
        match self {
            Kind::Mail => &["configured", "fixed", "has_password"],
            Kind::Process | Kind::Draft => &["active", "precedence", "object", "field"],
            Kind::Role => &["preset", "people"],
            Kind::Flow => &["running", "position"],
            Kind::Pool => &["can", "left_today", "records"],
            Kind::LeadConversion => &["shipped", "choices"],
            Kind::LeadRule => &["next"],
            Kind::SharingRule => &["settling", "records"],
            Kind::View | Kind::Chart => &["owner", "mine", "can"],
            Kind::Home => &["source", "can"],
            Kind::WebForm => &["public_key"],
            Kind::Webhook => &[
                "eyes",
                "state",
                "failing_since",
                "failures",
                "succeeded_at",
                "paused_at",
                "paused_why",
                "gap_until",
                "former_secret_until",
                "waiting",
                "failed",
                "created_at",
                "created_by",
                "updated_at",
            ],
            Kind::ImportTemplate => &["by", "updated_at", "can", "object", "shared"],
            _ => &[],
        }
    }

    /// The call by which it is told and saved. What somebody looks at says "me" of whoever that is, and the product itself is nobody: it comes as
    /// somebody who may do everything.
    fn by_somebody(self, cx: &Ctx) -> Option<Ctx> {
        let looked_at = matches!(self, Kind::View | Kind::Chart | Kind::Home | Kind::ImportTemplate);
        (looked_at && cx.who.system.is_some()).then(|| cx.seen_by(Who { system: None, ..cx.who.clone() }))
    }

    /// Every definition of it that an administrator keeps for others, with ids.
    pub(super) fn present(self, cx: &Ctx, tx: &mut Read) -> Result<Vec<(Option<Id>, Json)>> {
        let somebody = self.by_somebody(cx);
        let cx = somebody.as_ref().unwrap_or(cx);
        let items = match self {
            Kind::Organisation => vec![organisation::read(cx)],
            Kind::Mail => {
                let settings = mail::read(cx, tx)?;
                // What the server's configuration says is not this installation's to hand on.
                if settings["fixed"] == true { Vec::new() } else { vec![settings] }
            }
            Kind::Letterhead => vec![printing::read(cx, tx)?],
            Kind::LeadConversion => vec![leads::conversion::mapping(cx, tx)?],
            Kind::Calendar => items(&calendars::list(cx, tx)?),
            Kind::Object => {
                let there = |object: &&model::Object| object.state != model::field::State::Hidden;
                cx.meta.definitions.iter().filter(there).map(objects::written).collect()
            }
            Kind::Role => items(&roles::list(cx, tx)?),
            Kind::Process => items(&processes::list(cx)).into_iter().map(|process| moved(process, "active")).collect(),
            Kind::Draft => drafts(cx, tx)?,
            Kind::Pool => items(&pools::list(cx, tx, None)?),
            Kind::Flow => items(&approvals::flows(cx, tx)?),
            Kind::DuplicateRule => items(&duplicates::list(cx, tx)?),
            Kind::HoldingDefinition => holding_definitions(cx)?,
            Kind::HoldingRule => items(&holding::list(cx, tx, None)?),
            Kind::LeadRule => items(&leads::rules::list(cx, tx)?),
            Kind::SharingRule => items(&sharing::list(cx, tx, None)?),
            Kind::View => shared(items(&views::list(cx, tx, None)?)),
            Kind::Chart => shared(items(&charts::list(cx, tx)?)),
            Kind::Home => homes_of_roles(cx, tx)?,
            Kind::WebForm => items(&web_forms::list(cx, tx)?),
            Kind::Webhook => items(&webhooks::list(cx, tx)?),
            Kind::ImportTemplate => {
                items(&imports::templates::list(cx, tx)?).into_iter().filter(|template| template["shared"] == true).collect()
            }
        };
        let id_of = |item: &Json| item["id"].as_str().and_then(|id| id.parse().ok());
        let mut found: Vec<(Option<Id>, Json)> = items.into_iter().map(|item| (id_of(&item), item)).collect();
        if self.is_ordered() {
            for (at, (_, item)) in found.iter_mut().enumerate() {
                item["position"] = (at + 1).into();
            }
        }
        Ok(found.into_iter().map(|(id, item)| (id, self.portable(item))).collect())
    }

    fn portable(self, mut item: Json) -> Json {
        if self == Kind::Home {
            item["cards"].as_array_mut().into_iter().flatten().for_each(|card| forget(card, &["there"]));
        }
        let position = self.is_ordered().then(|| item["position"].take());
        forget(&mut item, &["id", "version", "refs"]);
        forget(&mut item, self.own_of_database());
        if let Some(position) = position {
            item["position"] = position;
        }
        if let Some(taken) = item.get_mut("takes_new_deals").map(Json::take) {
            item["active"] = taken;
            forget(&mut item, &["takes_new_deals"]);
        }
        text::without_nothing(&item)
    }

    /// Saves a definition with ids as the screen does; a new one without `id`.
    pub(super) fn save(self, cx: &Ctx, tx: &mut Write, id: Option<Id>, document: &Json, how: &How<'_>) -> Result<()> {
        let somebody = self.by_somebody(cx);
        let cx = somebody.as_ref().unwrap_or(cx);
        let mut said = document.clone();
        if self.is_ordered() {
            forget(&mut said, &["position"]);
        }
        match self {
            Kind::Organisation => organisation::update(cx, tx, &read(said)?).map(|_| ()),
            Kind::Mail => mail::update(cx, tx, None, &read(said)?).map(|_| ()),
            Kind::Letterhead => printing::save(cx, tx, None, &read(said)?).map(|_| ()),
            Kind::LeadConversion => leads::conversion::save_mapping(cx, tx, None, &read(said)?).map(|_| ()),
            Kind::Calendar => calendars::save(cx, tx, id, None, &read(said)?).map(|_| ()),
            Kind::Object => Err(Error::Internal("objects are shaped".into())),
            Kind::Role => {
                let wanted: roles::Wanted = read(said)?;
                let key = wanted.key.clone().unwrap_or_default();
                if cx.meta.role(&key).is_some() { roles::replace(cx, tx, &key, None, &wanted) } else { roles::create(cx, tx, &wanted) }
                    .map(|_| ())
            }
            Kind::Process => publish(cx, tx, id, &said, how),
            Kind::Draft => save_draft(cx, tx, id, said),
            Kind::Pool => pools::save(cx, tx, id, None, &read(said)?).map(|_| ()),
            Kind::Flow => approvals::save(cx, tx, id, None, &read(said)?).map(|_| ()),
            Kind::DuplicateRule => duplicates::save(cx, tx, id, None, &read(said)?).map(|_| ()),
            Kind::HoldingDefinition => {
                let object = document["object"].as_str().unwrap_or_default().to_owned();
                holding::define(cx, tx, &object, None, &read(said)?).map(|_| ())
            }
            Kind::HoldingRule => holding::save(cx, tx, id, None, &read(said)?).map(|_| ()),
            Kind::LeadRule => leads::rules::save(cx, tx, id, None, &read(said)?).map(|_| ()),
            Kind::SharingRule => sharing::save(cx, tx, id, None, &read(said)?).map(|_| ()),
            Kind::View => views::save(cx, tx, id, None, &read(said)?).map(|_| ()),
            Kind::Chart => charts::save(cx, tx, id, None, &read(said)?).map(|_| ()),
            Kind::Home => {
                let role = document["role"].as_str().unwrap_or_default().to_owned();
                homes::save_role(cx, tx, &role, None, &read(said)?).map(|_| ())
            }
            Kind::WebForm => web_forms::save(cx, tx, id, None, &read(said)?).map(|_| ()),
            Kind::Webhook => {
                let against = (how.address)(document["address"].as_str().unwrap_or_default());
                webhooks::save(cx, tx, id, None, &read(said)?, against).map(|_| ())
            }
            Kind::ImportTemplate => {
                said["shared"] = true.into();
                imports::templates::save(cx, tx, id, None, &read(said)?).map(|_| ())
            }
        }
    }

    /// Removes a definition as the screen does.
    pub(super) fn remove(self, cx: &Ctx, tx: &mut Write, id: Option<Id>, key: &str) -> Result<()> {
        let somebody = self.by_somebody(cx);
        let cx = somebody.as_ref().unwrap_or(cx);
        let there = || id.ok_or(Error::NotFound);
        match self {
            Kind::Organisation | Kind::Mail | Kind::Letterhead | Kind::LeadConversion => Ok(()),
            Kind::Object => objects::remove(cx, tx, key),
            Kind::Calendar => calendars::delete(cx, tx, there()?, None),
            Kind::Role => roles::delete(cx, tx, key, None),
            Kind::Process => processes::remove(cx, tx, there()?),
            Kind::Draft => processes::discard_draft(cx, tx, there()?, None),
            Kind::Pool => pools::delete(cx, tx, there()?, None),
            Kind::Flow => approvals::delete(cx, tx, there()?, None),
            Kind::DuplicateRule => duplicates::delete(cx, tx, there()?, None),
            Kind::HoldingDefinition => holding::define(cx, tx, key, None, &holding::WantedDefinition::default()).map(|_| ()),
            Kind::HoldingRule => holding::delete(cx, tx, there()?, None),
            Kind::LeadRule => leads::rules::delete(cx, tx, there()?, None),
            Kind::SharingRule => sharing::delete(cx, tx, there()?, None).map(|_| ()),
            Kind::View => views::delete(cx, tx, there()?),
            Kind::Chart => charts::delete(cx, tx, there()?),
            Kind::Home => homes::reset_role(cx, tx, key).map(|_| ()),
            Kind::WebForm => web_forms::delete(cx, tx, there()?, None),
            Kind::Webhook => webhooks::delete(cx, tx, there()?, None),
            Kind::ImportTemplate => imports::templates::remove(cx, tx, there()?),
        }
    }

    /// Puts the definitions of an ordered kind into this order.
    pub(super) fn order(self, cx: &Ctx, tx: &mut Write, ids: &[Id]) -> Result<()> {
        let texts: Vec<String> = ids.iter().map(Id::to_string).collect();
        match self {
            Kind::Process => processes::order(cx, tx, &read(json!({ "ids": texts }))?).map(|_| ()),
            Kind::Flow => approvals::order(cx, tx, &read(json!({ "ids": texts }))?).map(|_| ()),
            Kind::LeadRule => leads::rules::order(cx, tx, &read(json!({ "ids": texts }))?).map(|_| ()),
            _ => Ok(()),
        }
    }
}

fn read<T: DeserializeOwned>(document: Json) -> Result<T> {
    serde_json::from_value(document).map_err(|error| Error::Malformed(error.to_string()))
}

fn items(listed: &Json) -> Vec<Json> {
    listed["items"].as_array().cloned().unwrap_or_default()
}

fn forget(document: &mut Json, names: &[&str]) {
    if let Some(map) = document.as_object_mut() {
        names.iter().for_each(|name| drop(map.remove(*name)));
    }
}

/// Whether a process takes new deals is no part of its versions, and is kept beside what belongs to them.
fn moved(mut process: Json, name: &str) -> Json {
    process["takes_new_deals"] = process[name].take();
    process
}

fn shared(items: Vec<Json>) -> Vec<Json> {
    items.into_iter().filter(|item| item["sharing"]["scope"] != "private").collect()
}

fn drafts(cx: &Ctx, tx: &mut Read) -> Result<Vec<Json>> {
    let overview = processes::overview(cx, tx)?;
    let mut found = Vec::new();
    for id in overview["drafts"].as_object().into_iter().flat_map(Map::keys) {
        let id: Id = id.parse().map_err(|_| Error::NotFound)?;
        let mut draft = processes::draft(cx, tx, id)?["process"].take();
        if let Some(published) = cx.meta.process(&id.to_string()) {
            draft["of"] = published.name.as_str().into();
        }
        found.push(draft);
    }
    Ok(found)
}

fn holding_definitions(cx: &Ctx) -> Result<Vec<Json>> {
    let mut found = Vec::new();
    for object in cx.meta.schema.objects().filter(|object| object.owned) {
        let definition = holding::definition(cx, &object.key)?;
        // One that nobody has said is the product's.
        if definition["version"] != 0 {
            found.push(definition);
        }
    }
    Ok(found)
}

fn homes_of_roles(cx: &Ctx, tx: &mut Read) -> Result<Vec<Json>> {
    let mut found = Vec::new();
    for role in &cx.meta.roles {
        let home = homes::of_role(cx, tx, &role.key)?;
        if home["source"] == "role" {
            found.push(home);
        }
    }
    Ok(found)
}

/// Publishes a process by a draft, so that the publisher may say what becomes of running deals. Somebody's own draft stays what it was.
fn publish(cx: &Ctx, tx: &mut Write, id: Option<Id>, document: &Json, how: &How<'_>) -> Result<()> {
    let mut said = document.clone();
    let active = said["active"].as_bool().unwrap_or(true);
    let present = id.and_then(|id| cx.meta.process(&id.to_string()));
    let Some((id, present)) = id.zip(present) else {
        said["precedence"] = cx.meta.processes.iter().map(|process| process.precedence + 1).max().unwrap_or(1).into();
        let draft = processes::begin_draft(cx, tx, &said)?;
        let id: Id = draft["process"]["id"].as_str().and_then(|id| id.parse().ok()).ok_or(Error::NotFound)?;
        let wanted = Publish { note: how.publish(said["name"].as_str().unwrap_or_default()).note, ..Publish::default() };
        return processes::publish(cx, tx, id, None, &wanted).map(|_| ());
    };
    let same = Kind::Process.portable(moved(json!(present), "active"));
    let mut differs = said.clone();
    forget(&mut differs, &["active"]);
    let mut before = same.clone();
    forget(&mut before, &["active", "position"]);
    if differs != before {
        let kept = match processes::draft(cx, tx, id) {
            Ok(draft) => Some(draft),
            Err(Error::NotFound) => None,
            Err(other) => return Err(other),
        };
        let seen = kept.as_ref().and_then(|draft| draft["version"].as_i64());
        said["version"] = present.version.into();
        processes::save_draft(cx, tx, id, seen, &said)?;
        processes::publish(cx, tx, id, None, &how.publish(&present.name))?;
        if let Some(mut draft) = kept {
            processes::save_draft(cx, tx, id, None, &draft["process"].take())?;
        }
    }
    match (present.active, active) {
        (true, false) => processes::deactivate(cx, tx, id).map(|_| ()),
        (false, true) => processes::activate(cx, tx, id).map(|_| ()),
        _ => Ok(()),
    }
}

fn save_draft(cx: &Ctx, tx: &mut Write, id: Option<Id>, mut document: Json) -> Result<()> {
    let of = document["of"].as_str().map(str::to_owned);
    forget(&mut document, &["of"]);
    let published = of.as_deref().and_then(|name| cx.meta.processes.iter().find(|process| process.name == name));
    if let (Some(name), None, None) = (&of, published, id) {
        return Err(Violation::new("config.reference_unknown", "of").with("value", name.as_str()).into());
    }
    if let Some(published) = published {
        document["version"] = published.version.into();
    }
    match id.or(published.map(|process| process.id)) {
        Some(id) => processes::save_draft(cx, tx, id, None, &document).map(|_| ()),
        None => processes::begin_draft(cx, tx, &document).map(|_| ()),
    }
}
