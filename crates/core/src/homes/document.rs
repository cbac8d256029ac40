//! What a Home says, and what may be wrong with it.

use std::collections::BTreeSet;

use db::Read;
use model::objects::opportunity;
use model::{Violation, Violations};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::charts::{self, Chart};
use crate::lines::under;
use crate::{Ctx, Result, views};

/// What a card may show.
pub const KINDS: [&str; 16] = [
    "stage_conversion",
    "pipeline",
    "forecast",
    "projection",
    "waterfall",
    "win_loss",
    "ageing",
    "leaderboard",
    "activity",
    "chart",
    "list",
    "todo",
    "approvals",
    "holdings",
    "recent",
    "figures",
];
/// Cards of a page.
const MOST: usize = 60;
/// Of the page's width, and rows of 80 pixels.
const WIDEST: u8 = 12;
const HIGHEST: u8 = 20;
/// Characters of a title and of an id, and bytes of settings.
const LONGEST_TITLE: usize = 100;
const LONGEST_ID: usize = 60;
const LONGEST_SETTINGS: usize = 16 << 10;
/// Figures of one card.
const MOST_FIGURES: usize = 8;

/// A card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Tells it apart on its page.
    pub id: String,
    pub kind: String,
    /// Where it is called something else than what it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Of twelve.
    pub width: u8,
    /// Rows of 80 pixels.
    pub height: u8,
    #[serde(default)]
    pub settings: Map<String, Json>,
}

/// A card as it is sent: what `GET` gave is taken as it is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    id: String,
    kind: String,
    #[serde(default)]
    title: Option<String>,
    width: u8,
    height: u8,
    #[serde(default)]
    settings: Map<String, Json>,
    // The product's own.
    #[serde(default, rename = "there")]
    _there: IgnoredAny,
}

/// The body of `PUT /home` and `PUT /homes/{role}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    cards: Vec<Given>,
    #[serde(default, rename = "source")]
    _source: IgnoredAny,
    #[serde(default, rename = "role")]
    _role: IgnoredAny,
    #[serde(default, rename = "version")]
    _version: IgnoredAny,
    #[serde(default, rename = "can")]
    _can: IgnoredAny,
}

/// A page as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Page {
    pub cards: Vec<Card>,
}

impl Wanted {
    pub(super) fn tidy(&self) -> Page {
        let card = |given: &Given| Card {
            id: given.id.trim().to_owned(),
            kind: given.kind.clone(),
            title: given.title.as_deref().map(str::trim).filter(|title| !title.is_empty()).map(str::to_owned),
            width: given.width,
            height: given.height,
            settings: given.settings.clone().into_iter().filter(|(_, value)| !value.is_null()).collect(),
        };
        Page { cards: self.cards.iter().map(card).collect() }
    }
}

impl Page {
    /// What was not told to the one who saves it is as it was.
    pub(super) fn keep_untold(&mut self, before: &Page) {
        for card in self.cards.iter_mut().filter(|card| card.settings.is_empty()) {
            if let Some(stood) = before.cards.iter().find(|stood| stood.id == card.id && stood.kind == card.kind) {
                card.settings = stood.settings.clone();
            }
        }
    }
}

/// All that stands against a page for the one who saves it. What stood on it before unchanged may stay, whatever it is: what somebody
/// cannot be shown any more does not keep him from arranging the rest.
pub(super) fn judge(cx: &Ctx, tx: &mut Read, page: &Page, before: &Page) -> Result<Violations> {
    let mut found = Violations::new();
    if page.cards.len() > MOST {
        found.push(Violation::new("home.too_many_cards", "cards").with("max", MOST));
        return Ok(found);
    }
    let mut ids = BTreeSet::new();
    for (at, card) in page.cards.iter().enumerate() {
        let place = format!("cards/{at}");
        let mut of_card = Violations::new();
        if card.id.is_empty() || card.id.chars().count() > LONGEST_ID || !model::text::storable(&card.id) {
            of_card.push(Violation::new("field.invalid", "id").with("expected", "a short text"));
        } else if !ids.insert(&card.id) {
            of_card.push(Violation::new("field.not_unique", "id").with("value", card.id.as_str()));
        }
        if let Some(title) = &card.title {
            if !model::text::storable(title) {
                of_card.push(Violation::new("field.invalid", "title").with("expected", "text without the character U+0000"));
            } else if title.chars().count() > LONGEST_TITLE {
                of_card.push(Violation::new("field.too_long", "title").with("max", LONGEST_TITLE));
            }
        }
        for (path, value, most) in [("width", card.width, WIDEST), ("height", card.height, HIGHEST)] {
            if !(1..=most).contains(&value) {
                of_card.push(Violation::new("field.out_of_range", path).with("min", 1).with("max", most));
            }
        }
        let stood = |other: &Card| other.kind == card.kind && other.settings == card.settings;
        if !before.cards.iter().any(stood) {
            of_card.extend(judge_settings(cx, tx, card)?);
        }
        found.extend(under(&place, of_card));
    }
    Ok(found)
}

fn judge_settings(cx: &Ctx, tx: &mut Read, card: &Card) -> Result<Violations> {
    let mut found = Violations::new();
    if !KINDS.contains(&card.kind.as_str()) {
        found.push(Violation::new("field.not_an_option", "kind").with("value", card.kind.as_str()));
        return Ok(found);
    }
    let text = serde_json::to_string(&card.settings).unwrap_or_default();
    if text.len() > LONGEST_SETTINGS || !model::text::storable(&text) || text.contains("\\u0000") {
        found.push(Violation::new("field.too_long", "settings").with("max", LONGEST_SETTINGS));
        return Ok(found);
    }
    let of_settings = match card.kind.as_str() {
        "chart" => judge_chart(cx, tx, card.settings.get("chart"), "chart")?,
        "figures" => judge_figures(cx, tx, card.settings.get("items"))?,
        "list" => judge_list(cx, tx, &card.settings)?,
        "leaderboard" | "activity" => Violations::new(),
        _ => under("filter", views::judge_filter(cx, tx, opportunity::KEY, card.settings.get("filter"))?).collect(),
    };
    found.extend(under("settings", of_settings));
    Ok(found)
}

/// A chart by its id, or itself.
fn judge_chart(cx: &Ctx, tx: &mut Read, chart: Option<&Json>, place: &str) -> Result<Violations> {
    let one = |code: &'static str| Ok(vec![Violation::new(code, place)]);
    match chart {
        None => one("field.required"),
        Some(Json::String(id)) => match id.parse().map(|id| charts::find(cx, tx, id)) {
            Ok(Ok(_)) => Ok(Violations::new()),
            _ => one("field.reference_not_found"),
        },
        Some(document) => {
            let Ok(chart) = serde_json::from_value::<Chart>(document.clone()) else {
                return Ok(vec![Violation::new("field.invalid", place).with("expected", "the id of a chart, or a chart")]);
            };
            let Ok(object) = cx.object(&chart.object).cloned() else { return one("field.reference_not_found") };
            Ok(under(place, charts::judge(cx, tx, &object, &chart)?).collect())
        }
    }
}

fn judge_figures(cx: &Ctx, tx: &mut Read, items: Option<&Json>) -> Result<Violations> {
    let Some(items) = items.and_then(Json::as_array).filter(|items| (1..=MOST_FIGURES).contains(&items.len())) else {
        return Ok(vec![Violation::new("field.out_of_range", "items").with("min", 1).with("max", MOST_FIGURES)]);
    };
    let mut found = Violations::new();
    for (at, item) in items.iter().enumerate() {
        found.extend(judge_chart(cx, tx, item.get("chart"), &format!("items/{at}/chart"))?);
    }
    Ok(found)
}

/// A view, or a condition over an object.
fn judge_list(cx: &Ctx, tx: &mut Read, settings: &Map<String, Json>) -> Result<Violations> {
    let Some(object) = settings.get("object").and_then(Json::as_str).and_then(|key| cx.object(key).ok().cloned()) else {
        return Ok(vec![Violation::new("field.reference_not_found", "object")]);
    };
    let mut found = Violations::new();
    if let Some(view) = settings.get("view")
        && view.as_str().is_none_or(|view| views::named(cx, tx, &object, view).is_err())
    {
        found.push(Violation::new("field.reference_not_found", "view"));
    }
    found.extend(under("filter", views::judge_filter(cx, tx, &object.key, settings.get("filter"))?));
    Ok(found)
}
