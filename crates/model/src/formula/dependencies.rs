//! Which reckoned field hangs on which: circles are refused, and the order of reckoning follows from it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Violation, Violations};

/// A field: object and key.
pub type Node = (String, String);

/// Longest chain of reckoned fields, each of which reads the next.
const MAX_CHAIN: usize = 10;

/// The calculated and statistical fields of all objects with the fields that each reads. Fields that are stored as people typed
/// them may be named too: they end every chain.
#[derive(Clone, Debug, Default)]
pub struct Dependencies {
    reads: BTreeMap<Node, Vec<Node>>,
    read_by: BTreeMap<Node, Vec<Node>>,
}

impl Dependencies {
    /// From every reckoned field and what it reads.
    pub fn new(fields: impl IntoIterator<Item = (Node, Vec<Node>)>) -> Dependencies {
        let reads: BTreeMap<Node, Vec<Node>> = fields.into_iter().collect();
        let mut read_by: BTreeMap<Node, Vec<Node>> = BTreeMap::new();
        for (field, sources) in &reads {
            for source in sources.iter().collect::<BTreeSet<_>>() {
                read_by.entry(source.clone()).or_default().push(field.clone());
            }
        }
        Dependencies { reads, read_by }
    }

    /// What stands against these definitions: `formula.circle` with the `path` round (`opportunity.x_a`, …, and the first again),
    /// or `formula.too_deep_chain` with the `path` of the longest chain and `max`.
    pub fn check(&self) -> Violations {
        if let Some(circle) = self.circle() {
            return vec![Violation::new("formula.circle", "formula").with("path", dotted(&circle))];
        }
        match self.longest() {
            Some(chain) if chain.len() > MAX_CHAIN => {
                vec![Violation::new("formula.too_deep_chain", "formula").with("path", dotted(&chain)).with("max", MAX_CHAIN)]
            }
            _ => Vec::new(),
        }
    }

    /// A circle, beginning and ending with the same field; `None` when there is none.
    pub fn circle(&self) -> Option<Vec<Node>> {
        // What is left when every field whose sources are settled is taken away: only circles, and what hangs on them.
        let (_, left) = self.settle();
        // From there, going to a source that is left too must come round.
        let mut at: &Node = left.iter().next()?;
        let mut way: Vec<&Node> = Vec::new();
        loop {
            if let Some(start) = way.iter().position(|seen| **seen == *at) {
                let mut circle: Vec<Node> = way[start..].iter().map(|node| (*node).clone()).collect();
                circle.push(at.clone());
                return Some(circle);
            }
            way.push(at);
            at = self.reads[at].iter().find(|source| left.contains(source))?;
        }
    }

    /// The reckoned fields in an order in which each comes after those that it reads. Those in a circle are left out.
    pub fn sorted(&self) -> Vec<&Node> {
        self.settle().0
    }

    /// The reckoned fields of one object, each after those that it reads.
    pub fn order(&self, object: &str) -> Vec<&str> {
        self.sorted().into_iter().filter(|(of, _)| of == object).map(|(_, field)| field.as_str()).collect()
    }

    /// The reckoned fields that read this one.
    pub fn read_by(&self, field: &Node) -> &[Node] {
        self.read_by.get(field).map_or(&[], Vec::as_slice)
    }

    /// The reckoned fields that change when one of `changed` does, directly or by way of others, in the order of reckoning.
    pub fn touched_by<'a>(&'a self, changed: impl IntoIterator<Item = &'a Node>) -> Vec<&'a Node> {
        let mut open: Vec<&Node> = changed.into_iter().collect();
        let mut touched = BTreeSet::new();
        while let Some(node) = open.pop() {
            open.extend(self.read_by(node).iter().filter(|reader| touched.insert(*reader)));
        }
        self.sorted().into_iter().filter(|node| touched.contains(*node)).collect()
    }

    /// Fields that can be settled, in order, and those that cannot.
    fn settle(&self) -> (Vec<&Node>, BTreeSet<&Node>) {
        let mut waits: BTreeMap<&Node, usize> = self
            .reads
            .iter()
            .map(|(field, sources)| {
                let reckoned: BTreeSet<&Node> = sources.iter().filter(|source| self.reads.contains_key(*source)).collect();
                (field, reckoned.len())
            })
            .collect();
        let mut ready: BTreeSet<&Node> = waits.iter().filter(|(_, n)| **n == 0).map(|(field, _)| *field).collect();
        let mut sorted = Vec::with_capacity(waits.len());
        while let Some(field) = ready.pop_first() {
            waits.remove(field);
            sorted.push(field);
            for reader in self.read_by(field) {
                if let Some(n) = waits.get_mut(reader) {
                    *n -= 1;
                    if *n == 0 {
                        ready.insert(reader);
                    }
                }
            }
        }
        (sorted, waits.into_keys().collect())
    }

    /// The longest chain, from the field that reads to the last that is read.
    fn longest(&self) -> Option<Vec<Node>> {
        let mut length: BTreeMap<&Node, (usize, Option<&Node>)> = BTreeMap::new();
        for field in self.sorted() {
            let next = self.reads[field].iter().filter_map(|source| length.get(source).map(|(n, _)| (*n, source))).max();
            length.insert(field, next.map_or((1, None), |(n, source)| (n + 1, Some(source))));
        }
        let mut at = length.iter().max_by_key(|(_, (n, _))| *n).map(|(field, _)| *field);
        let mut chain = Vec::new();
        while let Some(field) = at {
            chain.push(field.clone());
            at = length.get(field).and_then(|(_, next)| *next);
        }
        (!chain.is_empty()).then_some(chain)
    }
}

fn dotted(path: &[Node]) -> Vec<String> {
    path.iter().map(|(object, field)| format!("{object}.{field}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(dotted: &str) -> Node {
        let (object, field) = dotted.split_once('.').unwrap();
        (object.to_owned(), field.to_owned())
    }

    fn of(edges: &[(&str, &[&str])]) -> Dependencies {
        Dependencies::new(edges.iter().map(|(field, sources)| (node(field), sources.iter().map(|s| node(s)).collect())))
    }

    #[test]
    fn a_circle_is_told_with_its_way() {
        let graph = of(&[("o.x_a", &["o.amount", "o.x_b"]), ("o.x_b", &["a.x_c"]), ("a.x_c", &["o.x_a"]), ("o.x_d", &["o.x_a"])]);
        let found = graph.check();
        assert_eq!(found[0].code, "formula.circle");
        assert_eq!(found[0].params["path"], serde_json::json!(["a.x_c", "o.x_a", "o.x_b", "a.x_c"]));
        assert_eq!(of(&[("o.x_a", &["o.x_a"])]).check()[0].params["path"], serde_json::json!(["o.x_a", "o.x_a"]));
    }

    #[test]
    fn each_comes_after_what_it_reads() {
        let graph =
            of(&[("o.x_a", &["o.x_b", "o.x_c", "o.x_c"]), ("o.x_b", &["o.x_c"]), ("o.x_c", &["o.amount", "a.x_z"]), ("a.x_z", &[])]);
        assert_eq!(graph.check(), []);
        assert_eq!(graph.order("o"), ["x_c", "x_b", "x_a"]);
        assert_eq!(graph.touched_by([&node("o.amount")]), [&node("o.x_c"), &node("o.x_b"), &node("o.x_a")]);
        assert_eq!(graph.touched_by([&node("o.other")]), Vec::<&Node>::new());
    }

    #[test]
    fn a_chain_has_at_most_ten_fields() {
        let chain = |n: usize| Dependencies::new((0..n).map(|i| (node(&format!("o.x_{i:05}")), vec![node(&format!("o.x_{:05}", i + 1))])));
        assert_eq!(chain(10).check(), []);
        let found = chain(11).check();
        assert_eq!(found[0].code, "formula.too_deep_chain");
        assert_eq!(found[0].params["path"].as_array().unwrap().len(), 11);
        // No stack is used up by a long one.
        assert_eq!(chain(20_000).check()[0].code, "formula.too_deep_chain");
    }
}
