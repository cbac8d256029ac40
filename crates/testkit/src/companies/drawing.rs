//! What is found among many companies by keys, against what looking at every one of them finds.

use std::collections::HashMap;

use model::duplicate::matching::name::{Name, alike};
use model::duplicate::rule::USUAL_THRESHOLD;

use super::{Half, crowd, pairs};

/// Candidates that are looked at.
const MOST: usize = 200;
/// Entries that may be read for what only tells the candidates apart.
const ENOUGH: usize = 1_500;

/// What was found in how many names.
#[derive(Clone, Copy, Debug, Default)]
pub struct Drawn {
    pub names: usize,
    pub questions: usize,
    /// By looking at every one.
    pub scanned: usize,
    /// Of those, by keys.
    pub found: usize,
    /// Entries read for a question: in the middle, and by the worst one.
    pub read: usize,
    pub most_read: usize,
    /// Keys of a name, on average, in hundredths.
    pub keys: usize,
}

/// Looks for so many variants in a crowd among which the names are of which they are variants.
pub fn drawn(names: usize, questions: usize) -> Drawn {
    let asked: Vec<_> =
        [Half::Tuning, Half::HeldOut].into_iter().flat_map(|half| pairs(half, questions / 36 + 1)).filter(|pair| pair.same).collect();
    let texts: Vec<String> = crowd(names - asked.len()).into_iter().chain(asked.iter().map(|pair| pair.name.clone())).collect();
    let all: Vec<Name> = texts.iter().map(|text| Name::of_company(text)).collect();
    let index = Index::of(&all);
    let mut drawn = Drawn { names: all.len(), questions: asked.len(), keys: index.entries * 100 / all.len(), ..Drawn::default() };
    let mut reads = Vec::new();
    for pair in &asked {
        let asks = Name::of_company(&pair.other);
        let (candidates, read) = index.candidates(&asks);
        let like = |at: &u32| alike(&asks, &all[*at as usize]) >= USUAL_THRESHOLD;
        drawn.scanned += (0..all.len() as u32).filter(like).count();
        drawn.found += candidates.iter().filter(|at| like(at)).count();
        reads.push(read);
    }
    reads.sort_unstable();
    drawn.read = reads[reads.len() / 2];
    drawn.most_read = reads[reads.len() - 1];
    drawn
}

/// The entries by key, as the database keeps them.
struct Index {
    of: HashMap<i64, Vec<u32>>,
    entries: usize,
}

fn numbered(mut keys: Vec<i64>) -> Vec<i64> {
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl Index {
    fn of(names: &[Name]) -> Index {
        let mut index = Index { of: HashMap::new(), entries: 0 };
        for (at, name) in (0..).zip(names) {
            for key in numbered(name.keys()) {
                index.of.entry(key).or_default().push(at);
                index.entries += 1;
            }
        }
        index
    }

    /// Those that share most of the rarest keys: as many of these as leave nobody out who has enough of all, and more while they cost little.
    fn candidates(&self, asks: &Name) -> (Vec<u32>, usize) {
        let (all, shared) = asks.asked();
        let all = numbered(all);
        let mut lists: Vec<&[u32]> = all.iter().map(|key| self.of.get(key).map(Vec::as_slice).unwrap_or_default()).collect();
        lists.sort_by_key(|list| list.len());
        let needed = all.len() + 1 - shared;
        let mut read = 0;
        let mut counts: HashMap<u32, usize> = HashMap::new();
        let mut looked = 0;
        for (at, list) in lists.into_iter().enumerate() {
            if at >= needed && read + list.len() > ENOUGH {
                break;
            }
            read += list.len();
            looked += 1;
            list.iter().for_each(|one| *counts.entry(*one).or_default() += 1);
        }
        let enough = (looked + shared).saturating_sub(all.len()).max(1);
        let mut found: Vec<(u32, usize)> = counts.into_iter().filter(|(_, count)| *count >= enough).collect();
        found.sort_unstable_by_key(|(at, count)| (std::cmp::Reverse(*count), *at));
        found.truncate(MOST);
        (found.into_iter().map(|(at, _)| at).collect(), read)
    }
}
