//! What the places of an import's problems are called: a column by its heading, a field by its label in the reader's language.

use std::collections::BTreeMap;

use model::Object;
use serde_json::Value as Json;

use super::run::{Run, Step};
use crate::Ctx;

/// Names of the places of each step.
pub struct Called(Vec<Places>);

#[derive(Default)]
struct Places {
    /// Headings of the file, with the labels of the fields that each fills.
    headings: BTreeMap<String, Vec<String>>,
    /// Fields by their keys.
    fields: BTreeMap<String, String>,
}

impl Called {
    /// As the caller calls them.
    pub fn of(cx: &Ctx, run: &Run) -> Called {
        Called(run.asked.steps.iter().map(|step| Places::of(cx, step)).collect())
    }

    /// The field that is meant: the one that the column fills, or the one that no column fills; nothing where a whole row is.
    pub fn field(&self, step: i64, place: &str) -> Option<String> {
        let places = self.0.get(usize::try_from(step).ok()?)?;
        match places.headings.get(place) {
            Some(labels) => Some(labels.join(", ")).filter(|labels| !labels.is_empty()),
            None => places.fields.get(place).cloned(),
        }
    }

    /// True for a column of the file.
    pub fn is_heading(&self, step: i64, place: &str) -> bool {
        usize::try_from(step).ok().and_then(|step| self.0.get(step)).is_some_and(|places| places.headings.contains_key(place))
    }

    /// The heading where there is one, else the field.
    pub fn place(&self, step: i64, place: &str) -> String {
        let field = || self.field(step, place).unwrap_or_else(|| place.to_owned());
        if self.is_heading(step, place) { place.to_owned() } else { field() }
    }
}

impl Places {
    fn of(cx: &Ctx, step: &Step) -> Places {
        let mut places = Places::default();
        let language = &cx.who.language;
        let object = |key: &str| cx.meta.schema.object(key).cloned();
        let label = |object: &Object, key: &str| object.field(key).map(|field| field.label.in_language(language).to_owned());
        let subs = step.options.sub_objects.iter().filter_map(|sub| Some((sub, object(&sub.object)?)));
        let subs: Vec<_> = subs.collect();
        let own = object(&step.options.object);
        // The row's own record comes first where both have a field of one key.
        for of in own.iter().chain(subs.iter().map(|(_, of)| of)) {
            for field in &of.fields {
                places.fields.entry(field.key.clone()).or_insert_with(|| field.label.in_language(language).to_owned());
            }
        }
        for column in step.columns.as_array().into_iter().flatten() {
            let Some(heading) = column["column"].as_str() else { continue };
            let keys: Vec<&str> = match &column["field"] {
                Json::String(key) => vec![key],
                Json::Array(keys) => keys.iter().filter_map(Json::as_str).collect(),
                _ => Vec::new(),
            };
            let mut labels: Vec<String> = own.iter().flat_map(|of| keys.iter().filter_map(|key| label(of, key))).collect();
            labels.extend(subs.iter().filter_map(|(sub, of)| label(of, sub.mapping.get(heading)?)));
            places.headings.insert(heading.to_owned(), labels);
        }
        places
    }
}
