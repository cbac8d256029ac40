//! Where each deal stands in the columns, found by its id: only the places are kept here, the ids stand in their column.

use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use crate::Id;

#[derive(Debug, Default)]
pub(super) struct Places {
    table: HashTable<u32>,
    hasher: RandomState,
}

impl Places {
    pub(super) fn len(&self) -> usize {
        self.table.len()
    }

    pub(super) fn get(&self, ids: &[Id], deal: Id) -> Option<u32> {
        self.table.find(self.hasher.hash_one(deal), |at| ids[*at as usize] == deal).copied()
    }

    /// Notes the place of a deal that has none yet.
    pub(super) fn insert(&mut self, ids: &[Id], at: u32) {
        let hasher = &self.hasher;
        self.table.insert_unique(hasher.hash_one(ids[at as usize]), at, |at| hasher.hash_one(ids[*at as usize]));
    }

    pub(super) fn remove(&mut self, ids: &[Id], deal: Id) -> Option<u32> {
        let found = self.table.find_entry(self.hasher.hash_one(deal), |at| ids[*at as usize] == deal).ok()?;
        Some(found.remove().0)
    }
}
