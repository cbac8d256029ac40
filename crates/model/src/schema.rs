//! All objects together.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::{Field, Object};

/// The objects as of one version of the metadata.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    objects: BTreeMap<String, Arc<Object>>,
}

impl Schema {
    /// A schema of these objects.
    pub fn new(objects: impl IntoIterator<Item = Object>) -> Schema {
        Schema { objects: objects.into_iter().map(|object| (object.key.clone(), Arc::new(object))).collect() }
    }

    /// The object of a key.
    pub fn object(&self, key: &str) -> Option<&Arc<Object>> {
        self.objects.get(key)
    }

    /// All objects by key.
    pub fn objects(&self) -> impl Iterator<Item = &Arc<Object>> {
        self.objects.values()
    }

    /// The same schema with only the fields that `keep` lets through: what a reader may know of. A condition resolved
    /// against it finds a hidden field as little as one that never was (core rule 25).
    pub fn seen_through(&self, keep: impl Fn(&Object, &Field) -> bool) -> Schema {
        Schema {
            objects: self
                .objects
                .iter()
                .map(|(key, object)| {
                    let mut seen = Object::clone(object);
                    seen.fields.retain(|field| keep(object, field));
                    (key.clone(), Arc::new(seen))
                })
                .collect(),
        }
    }

    /// Fields of all objects which refer to `object`: (object, field).
    pub fn referring_to<'a>(&'a self, object: &'a str) -> impl Iterator<Item = (&'a Arc<Object>, &'a Field)> {
        self.objects
            .values()
            .flat_map(|other| other.fields.iter().map(move |field| (other, field)))
            .filter(move |(_, field)| field.kind.target() == Some(object))
    }
}
