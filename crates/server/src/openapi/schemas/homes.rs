//! Homes, and the gallery of what there is to put on them.

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

/// A card of a Home.
#[derive(ToSchema)]
pub struct HomeCard {
    /// Tells it apart on its page.
    #[schema(example = "stage_conversion")]
    pub id: String,
    /// `stage_conversion`, `pipeline`, `forecast`, `projection`, `waterfall`, `win_loss`, `ageing`, `leaderboard`, `activity`, `chart`, `list`,
    /// `todo`, `approvals`, `holdings`, `recent`, `figures`; another one is of a later or an earlier version and is left blank.
    pub kind: String,
    /// Where it is called something else than what it shows; at most 100 characters.
    pub title: Option<String>,
    /// Of twelve.
    #[schema(minimum = 1, maximum = 12)]
    pub width: u8,
    /// Rows of 80 pixels.
    #[schema(minimum = 1, maximum = 20)]
    pub height: u8,
    /// What it is narrowed to: the parameters of its analysis (`process`, `filter`, `by`, `metric` …); of a chart `chart`, its id or itself; of a
    /// list `object`, `view` or `filter`, `sort`; of key figures `items` of `{label, chart}`.
    pub settings: BTreeMap<String, Value>,
    /// False where the reader cannot be shown it.
    pub there: bool,
}

/// A page of cards.
#[derive(ToSchema)]
pub struct Home {
    pub cards: Vec<HomeCard>,
    /// `own`, `role`, `shipped`.
    #[schema(example = "role")]
    pub source: String,
    /// The role whose page it is.
    pub role: Option<String>,
    /// 0 where nobody has saved one here.
    pub version: i64,
    /// `edit`, `reset`.
    pub can: Vec<String>,
}

/// A card as it is saved.
#[derive(ToSchema)]
pub struct SaveHomeCard {
    pub id: String,
    pub kind: String,
    pub title: Option<String>,
    #[schema(minimum = 1, maximum = 12)]
    pub width: u8,
    #[schema(minimum = 1, maximum = 20)]
    pub height: u8,
    pub settings: Option<BTreeMap<String, Value>>,
    /// The product's own.
    pub there: Option<bool>,
}

/// A page. What the product says of it may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SaveHome {
    pub cards: Vec<SaveHomeCard>,
    pub source: Option<String>,
    pub role: Option<String>,
    pub version: Option<i64>,
    pub can: Option<Vec<String>>,
}

/// Something to put on a Home.
#[derive(ToSchema)]
pub struct GalleryEntry {
    #[schema(example = "stage_conversion")]
    pub key: String,
    pub kind: String,
    pub label: BTreeMap<String, String>,
    pub description: Option<BTreeMap<String, String>>,
    pub width: u8,
    pub height: u8,
    pub settings: BTreeMap<String, Value>,
}

/// A folder of the gallery.
#[derive(ToSchema)]
pub struct GalleryFolder {
    #[schema(example = "preset_modules")]
    pub key: String,
    pub label: BTreeMap<String, String>,
    #[schema(no_recursion)]
    pub folders: Vec<GalleryFolder>,
    pub entries: Vec<GalleryEntry>,
}

/// What there is to put on a Home.
#[derive(ToSchema)]
pub struct Gallery {
    pub folders: Vec<GalleryFolder>,
}

/// A first step.
#[derive(ToSchema)]
pub struct FirstStep {
    /// `organisation`, `people`, `process`, `data` or `limit`.
    pub key: String,
    /// As what is there says.
    pub done: bool,
}

/// What an administrator does first in a new house.
#[derive(ToSchema)]
pub struct FirstSteps {
    pub steps: Vec<FirstStep>,
    /// One does not want to be told of them any more.
    pub dismissed: bool,
}
