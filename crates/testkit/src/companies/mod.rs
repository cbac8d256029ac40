//! Labelled names of companies: pairs that are the same company written in two ways, and pairs of companies that look alike and are not the
//! same. The same pairs for the same half each time. The halves share no word but legal forms: what is tuned on the one is told by the other.

mod chinese;
pub mod drawing;
pub mod figures;
mod latin;
mod typing;
mod words;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

/// One half of the words and of the pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// On which one may tune.
    Tuning,
    /// That is only looked at.
    HeldOut,
}

/// The letters in which a name is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Script {
    Latin,
    Chinese,
}

/// Two names, and whether they are one company's.
#[derive(Clone, Debug)]
pub struct Pair {
    pub script: Script,
    /// What was done to the one to get the other.
    pub kind: &'static str,
    pub same: bool,
    pub name: String,
    pub other: String,
}

impl Pair {
    /// True where the name is long enough that it must be found: six letters, or five characters of Chinese.
    pub fn is_long(&self) -> bool {
        match self.script {
            Script::Latin => self.name.chars().filter(|c| c.is_alphabetic()).count() >= 6,
            Script::Chinese => self.name.chars().filter(|c| *c >= '\u{4e00}').count() >= 5,
        }
    }
}

/// Pairs of a half: `each` of every kind.
pub fn pairs(half: Half, each: usize) -> Vec<Pair> {
    let mut dice = Dice { half, dice: crate::random(0xd0b1_e77e_0025 + half as u64) };
    let mut pairs = latin::pairs(&mut dice, each);
    pairs.extend(chinese::pairs(&mut dice, each));
    pairs
}

/// Names of `n` companies, of both halves and scripts, as a market has them: a few are repeated.
pub fn crowd(n: usize) -> Vec<String> {
    let mut names = Vec::with_capacity(n);
    for (at, half) in [Half::Tuning, Half::HeldOut].into_iter().enumerate() {
        let mut dice = Dice { half, dice: crate::random(0xc40d_0025 + half as u64) };
        while names.len() < n * (at + 1) / 2 {
            names.push(if dice.one_in(2) { latin::company(&mut dice).text() } else { chinese::company(&mut dice).text() });
        }
    }
    names
}

/// How a pair of a kind is made; sometimes it cannot be, of what fell.
type Way = fn(&mut Dice) -> Option<(String, String)>;

fn made<'a>(script: Script, ways: impl Iterator<Item = (&'a (&'static str, Way), bool)>, dice: &mut Dice, each: usize) -> Vec<Pair> {
    let mut pairs = Vec::new();
    for ((kind, way), same) in ways {
        let mut left = each;
        while left > 0 {
            let Some((name, other)) = way(dice).filter(|(name, other)| name != other) else { continue };
            pairs.push(Pair { script, kind, same, name, other });
            left -= 1;
        }
    }
    pairs
}

/// Dice that know which words they may take.
struct Dice {
    half: Half,
    dice: StdRng,
}

impl Dice {
    /// One of the words of this half.
    fn word<T: Copy>(&mut self, words: &[T]) -> T {
        let own: Vec<T> = words.iter().skip(self.half as usize).step_by(2).copied().collect();
        *own.choose(&mut self.dice).expect("a list of words has one for each half")
    }

    /// One of this half other than `not`.
    fn other<T: Copy + PartialEq>(&mut self, words: &[T], not: T) -> T {
        loop {
            let word = self.word(words);
            if word != not {
                return word;
            }
        }
    }

    /// One of all, for what both halves share.
    fn any<T: Copy>(&mut self, of: &[T]) -> T {
        *of.choose(&mut self.dice).expect("not empty")
    }

    fn below(&mut self, n: usize) -> usize {
        use rand::RngExt;
        self.dice.random_range(0..n)
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}
