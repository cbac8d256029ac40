//! How many of the labelled pairs are called alike, and how many the same.

use model::duplicate::matching::{Side, Surroundings, compare};
use model::duplicate::rule::{Blank, Method, Row, USUAL_THRESHOLD};
use model::{Id, Object, Record};

use super::{Half, Pair, Script, pairs};

/// What became of the pairs of a kind.
#[derive(Clone, Debug)]
pub struct Figures {
    pub script: Script,
    pub kind: &'static str,
    pub same: bool,
    pub pairs: usize,
    /// Told as alike, with the shipped threshold.
    pub alike: usize,
    /// Said to be the same for certain, which blocks.
    pub exact: usize,
}

impl Figures {
    /// The share that is called alike, in percent.
    pub fn percent(&self) -> f64 {
        self.alike as f64 * 100.0 / self.pairs.max(1) as f64
    }
}

/// How alike two names of accounts are by a method.
pub fn compared(object: &Object, method: Method, name: &str, other: &str) -> Option<u8> {
    let row = Row { field: "name".to_owned(), other: "name".to_owned(), method, blank: Blank::Never };
    let field = object.field("name")?;
    let record = |name: &str| {
        let mut record = Record::new(&object.key, Id::from_parts(1, [0; 10]));
        record.set("name", name);
        record
    };
    let (a, b) = (record(name), record(other));
    compare(&row, Side { object, field, record: &a }, Side { object, field, record: &b }, Surroundings { country: "" })
}

/// The account, whose name is a company's.
pub fn account() -> Object {
    model::objects::preset().into_iter().find(|object| object.key == "account").expect("the account is one of the objects")
}

/// True where a pair is told as alike by the shipped rules.
pub fn told(object: &Object, pair: &Pair) -> bool {
    compared(object, Method::Fuzzy { threshold: USUAL_THRESHOLD }, &pair.name, &pair.other).is_some()
}

/// Kind by kind, of names that are long enough to be found.
pub fn figures(half: Half, each: usize) -> Vec<Figures> {
    let object = account();
    let mut all: Vec<Figures> = Vec::new();
    for pair in pairs(half, each).iter().filter(|pair| pair.is_long()) {
        let known = |it: &Figures| (it.script, it.kind, it.same) == (pair.script, pair.kind, pair.same);
        let at = all.iter().position(known).unwrap_or_else(|| {
            all.push(Figures { script: pair.script, kind: pair.kind, same: pair.same, pairs: 0, alike: 0, exact: 0 });
            all.len() - 1
        });
        all[at].pairs += 1;
        all[at].alike += usize::from(told(&object, pair));
        all[at].exact += usize::from(compared(&object, Method::Exact, &pair.name, &pair.other).is_some());
    }
    all
}

/// All those of one label together.
pub fn together(figures: &[Figures], same: bool) -> Figures {
    let mut sum = Figures { script: Script::Latin, kind: "all", same, pairs: 0, alike: 0, exact: 0 };
    for one in figures.iter().filter(|one| one.same == same) {
        sum.pairs += one.pairs;
        sum.alike += one.alike;
        sum.exact += one.exact;
    }
    sum
}
