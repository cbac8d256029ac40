//! Words that many names share, each held once.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Name, Word};

/// The words of names that are held together: most of what names are made of comes again and again.
#[derive(Default)]
pub struct Words(HashSet<Arc<Word>>);

impl Words {
    /// The same name, of words that are held already as far as they are.
    pub fn shared(&mut self, mut name: Name) -> Name {
        for word in &mut name.words {
            match self.0.get(word) {
                Some(known) => *word = Arc::clone(known),
                None => {
                    self.0.insert(Arc::clone(word));
                }
            }
        }
        name
    }
}
