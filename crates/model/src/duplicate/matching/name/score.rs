//! How alike two names are.

use std::sync::Arc;

use super::super::edit::distance;
use super::{Glyph, Name, Sort, Word};

/// Of what is missing from one of two names this much counts, in percent.
const MISSING: u32 = 65;
/// The same of a character of Chinese: one is left out more easily than a word.
pub(super) const MISSING_GLYPH: u32 = 55;
/// The same of one that stands there twice.
pub(super) const DOUBLED_GLYPH: u32 = 30;
/// Of a word that stands for another one this much counts: both say something, and not the same.
const INSTEAD: u32 = 140;
/// What is left of a score where both say where they are and it is not the same place, in percent.
const ELSEWHERE: u32 = 78;
/// The same where both have numbers, and others.
const OTHER_NUMBER: u32 = 70;
/// The same where only one has a number.
const ONE_NUMBER: u32 = 90;
/// Words of two names together that are compared without asking for memory.
const FEW: usize = 32;

/// How alike two names are, in percent; 100 only where they are the same but for case, width, punctuation and legal form.
pub fn alike(a: &Name, b: &Name) -> u8 {
    if a.core == b.core {
        return 100;
    }
    let mut tally = Tally::default();
    words(&a.words, &b.words, &mut tally);
    glyphs(&a.glyphs, &b.glyphs, &mut tally);
    let mut score = tally.percent();
    let placed = |name: &Name| !name.places.is_empty();
    // Where companies have no words of their own, the place is what tells them apart, and one that says none is not the same.
    let told_by_place = if a.own && b.own { placed(a) && placed(b) } else { placed(a) || placed(b) };
    if told_by_place && !a.places.iter().any(|place| b.places.contains(place)) {
        score = score * ELSEWHERE / 100;
    }
    if a.numbers != b.numbers {
        score = other_numbers(score, a.numbers.is_empty() || b.numbers.is_empty());
    }
    u8::try_from(score.min(99)).unwrap_or(99)
}

/// What is left of a score where numbers differ, or only one name has some.
pub(super) fn other_numbers(score: u32, one: bool) -> u32 {
    score * if one { ONE_NUMBER } else { OTHER_NUMBER } / 100
}

/// What two names have in common and what not, weighed; in hundredths of a weight.
#[derive(Default)]
pub(super) struct Tally {
    /// What stands in both.
    pub both: u32,
    /// What was lost of it by slips.
    pub slipped: u32,
    /// What stands in one alone.
    pub left: u32,
    pub right: u32,
}

impl Tally {
    fn pair(&mut self, weight: u32, alike: u32) {
        self.both += weight * 100;
        self.slipped += weight * (100 - alike.min(100));
    }

    pub fn percent(&self) -> u32 {
        let (less, more) = (self.left.min(self.right), self.left.max(self.right));
        let lost = self.slipped + less / 100 * INSTEAD + (more - less) / 100 * MISSING;
        let all = self.both + (less + more) / 2;
        all.saturating_sub(lost).saturating_mul(100).checked_div(all).unwrap_or(0)
    }
}

// ---- Words ----

fn words(a: &[Arc<Word>], b: &[Arc<Word>], tally: &mut Tally) {
    // Names have a few words each, and very many are compared: without asking for memory.
    let (mut few, mut many) = ([None; FEW], Vec::new());
    let room = if a.len() + b.len() <= FEW {
        &mut few[..a.len() + b.len()]
    } else {
        many.resize(a.len() + b.len(), None);
        many.as_mut_slice()
    };
    let (of_a, of_b): (&mut [Option<usize>], _) = room.split_at_mut(a.len());
    for (at, word) in a.iter().enumerate() {
        // Names that are held together share their words.
        let equal = |other: &Arc<Word>| Arc::ptr_eq(word, other) || word.mask == other.mask && word.letters == other.letters;
        let is_same = |to: usize, other: &Arc<Word>| of_b[to].is_none() && equal(other);
        let other = b.iter().enumerate().position(|(to, other)| is_same(to, other));
        if let Some(to) = other {
            (of_a[at], of_b[to]) = (Some(to), Some(at));
            tally.pair(word.weight.min(b[to].weight), 100);
        }
    }
    run_together(a, b, of_a, of_b, tally);
    run_together(b, a, of_b, of_a, tally);
    let mut near: Vec<(u32, usize, usize)> = Vec::new();
    for (at, word) in a.iter().enumerate().filter(|(at, _)| of_a[*at].is_none()) {
        for (to, other) in b.iter().enumerate().filter(|(to, _)| of_b[*to].is_none()) {
            near.extend(likeness(word, other).map(|likeness| (likeness, at, to)));
        }
    }
    near.sort_unstable_by_key(|(likeness, at, to)| (std::cmp::Reverse(*likeness), at.abs_diff(*to), at + to, *at));
    for (likeness, at, to) in near {
        if of_a[at].is_none() && of_b[to].is_none() {
            (of_a[at], of_b[to]) = (Some(to), Some(at));
            tally.pair(a[at].weight.min(b[to].weight), likeness);
        }
    }
    let rest = |words: &[Arc<Word>], with: &[Option<usize>]| -> u32 {
        words.iter().zip(with).filter(|(_, with)| with.is_none()).map(|(word, _)| word.weight * 100).sum()
    };
    tally.left += rest(a, of_a);
    tally.right += rest(b, of_b);
    // In another order they are a little less alike.
    if !of_a.iter().flatten().is_sorted() {
        tally.slipped += tally.both / 50;
    }
}

/// Two words of the one that are one word of the other.
fn run_together(a: &[Arc<Word>], b: &[Arc<Word>], of_a: &mut [Option<usize>], of_b: &mut [Option<usize>], tally: &mut Tally) {
    for at in 1..a.len() {
        if of_a[at - 1].is_some() || of_a[at].is_some() {
            continue;
        }
        let (mask, length) = (a[at - 1].mask | a[at].mask, a[at - 1].letters.len() + a[at].letters.len());
        let comes_near = |other: &Word| !differs((mask, length), (other.mask, other.letters.len()));
        let mut free = b.iter().enumerate().filter(|(to, other)| of_b[*to].is_none() && comes_near(other)).peekable();
        if free.peek().is_none() {
            continue;
        }
        let joined: Vec<char> = a[at - 1].letters.iter().chain(a[at].letters.iter()).copied().collect();
        let found = free.find_map(|(to, other)| Some((to, slips(&joined, &other.letters)?)));
        if let Some((to, likeness)) = found {
            (of_a[at - 1], of_a[at], of_b[to]) = (Some(to), Some(to), Some(at));
            // Weighed as the two: what they are is known better of them apart.
            tally.pair(a[at - 1].weight + a[at].weight, likeness.min(97));
        }
    }
}

/// How alike two different words are, in percent; nothing where they are others.
fn likeness(a: &Word, b: &Word) -> Option<u32> {
    match (a.sort, b.sort) {
        (Sort::Line(x), Sort::Line(y)) => return (x == y).then_some(97),
        (Sort::Place(x), Sort::Place(y)) => return (x == y).then_some(97),
        // Two names that people have are not slips for one another.
        (Sort::Person, Sort::Person) => return None,
        _ => {}
    }
    // A letter that was left out may leave one that looks like a mark written out, so both ways of reading are tried.
    let plain = !differs((a.mask, a.letters.len()), (b.mask, b.letters.len()));
    let as_written = || if a.written.is_some() || b.written.is_some() { slips(a.written(), b.written()) } else { None };
    if let Some(slips) = plain.then(|| slips(&a.letters, &b.letters)).flatten().or_else(as_written) {
        return Some(slips);
    }
    let (long, short) = if a.letters.len() >= b.letters.len() { (a, b) } else { (b, a) };
    // A beginning that stands for the word.
    let cut = short.letters.len() >= 3 && long.letters.len() >= 6 && long.letters.starts_with(&short.letters);
    (cut && !matches!(short.sort, Sort::Place(_) | Sort::Person)).then_some(88)
}

/// How many changes are slips where the longer word has so many letters.
fn most(longest: usize) -> usize {
    match longest {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// Which letters a word has, each at the place where [`far`] counts it.
pub(super) fn mask(letters: &[char]) -> u32 {
    letters.iter().fold(0, |mask, c| mask | 1 << place(*c))
}

fn place(c: char) -> u32 {
    u32::from(c) % 32
}

/// True where masks and lengths of two words tell already that no slips make one of the other: most words that are compared.
pub(super) fn differs((a, a_long): (u32, usize), (b, b_long): (u32, usize)) -> bool {
    let most = most(a_long.max(b_long));
    a_long.abs_diff(b_long) > most || (a ^ b).count_ones() as usize > most * 2
}

/// How alike two words are that differ by slips of the fingers; nothing where they differ by more, or by digits.
fn slips(a: &[char], b: &[char]) -> Option<u32> {
    let longest = a.len().max(b.len());
    let most = most(longest);
    if a.len().abs_diff(b.len()) > most || longest < 4 {
        return (a == b).then_some(100);
    }
    if (a.iter().chain(b).any(char::is_ascii_digit) && a != b) || far(a, b, most) {
        return None;
    }
    let changes = distance(a, b);
    let first = a.first() != b.first();
    let likeness = match (changes, longest) {
        (0, _) => 100,
        (1, 4..=5) => 88,
        (1, _) => 93,
        (2, 8..=9) => 84,
        (2, _) => 88,
        _ => return None,
    };
    (changes <= most).then_some(if first { likeness - 8 } else { likeness })
}

/// True where letters tell, without looking at their order, that there are more changes than `most`.
fn far(a: &[char], b: &[char], most: usize) -> bool {
    let mut counts = [0_i8; 32];
    let place = |c: &char| place(*c) as usize;
    a.iter().for_each(|c| counts[place(c)] = counts[place(c)].saturating_add(1));
    b.iter().for_each(|c| counts[place(c)] = counts[place(c)].saturating_sub(1));
    counts.iter().map(|count| usize::from(count.unsigned_abs())).sum::<usize>() > most * 2
}

// ---- Characters of Chinese ----

/// Puts the characters beside one another so that the least is lost.
fn glyphs(a: &[Glyph], b: &[Glyph], tally: &mut Tally) {
    let weight = |glyphs: &[Glyph]| glyphs.iter().map(|glyph| u32::from(glyph.weight)).sum::<u32>() * 100;
    if a.is_empty() || b.is_empty() {
        tally.left += weight(a);
        tally.right += weight(b);
        return;
    }
    let lost = least_lost(a, b);
    tally.both += u32::midpoint(weight(a), weight(b));
    tally.slipped += lost;
}

fn least_lost(a: &[Glyph], b: &[Glyph]) -> u32 {
    let width = b.len() + 1;
    let missing = |glyphs: &[Glyph], at: usize| {
        let doubled = at > 0 && glyphs[at - 1].c == glyphs[at].c;
        u32::from(glyphs[at].weight) * if doubled { DOUBLED_GLYPH } else { MISSING_GLYPH }
    };
    let mut table = vec![0_u32; (a.len() + 1) * width];
    for j in 1..width {
        table[j] = table[j - 1] + missing(b, j - 1);
    }
    for i in 1..=a.len() {
        table[i * width] = table[(i - 1) * width] + missing(a, i - 1);
        for j in 1..width {
            let (x, y) = (a[i - 1], b[j - 1]);
            let mut best = table[(i - 1) * width + j - 1] + other(x, y);
            best = best.min(table[(i - 1) * width + j] + missing(a, i - 1)).min(table[i * width + j - 1] + missing(b, j - 1));
            if i > 1 && j > 1 && x.c == b[j - 2].c && a[i - 2].c == y.c {
                best = best.min(table[(i - 2) * width + j - 2] + u32::from(x.weight.min(y.weight)) * 35);
            }
            table[i * width + j] = best;
        }
    }
    table[a.len() * width + b.len()]
}

/// What is lost where one character stands for another.
fn other(x: Glyph, y: Glyph) -> u32 {
    let least = u32::from(x.weight.min(y.weight));
    if x.c == y.c {
        0
    } else if x.sound == y.sound {
        least * 20
    } else if x.looks != 0 && x.looks == y.looks {
        least * 30
    } else {
        u32::from(x.weight.max(y.weight)) * 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_leave_out_nothing_that_slips_would_find() {
        let words = ["schmidt", "müller", "north", "abc", "ab", "velora", "logistics", "a1b2c3d4", "werkzeugbau"];
        let letters = "abcmnorstüz1";
        let mut found = 0;
        for word in words.map(|word| word.chars().collect::<Vec<char>>()) {
            let mut others = vec![word.clone()];
            // Every change of one letter, and of two of them where the word is short.
            for _ in 0..2 {
                let before = others.clone();
                for other in before.iter().take(60) {
                    for at in 0..=other.len() {
                        others.extend(
                            letters.chars().map(|c| other.iter().take(at).copied().chain([c]).chain(other[at..].to_vec()).collect()),
                        );
                        others.extend((at < other.len()).then(|| [&other[..at], &other[at + 1..]].concat()));
                        others
                            .extend((at + 1 < other.len()).then(|| [&other[..at], &[other[at + 1], other[at]], &other[at + 2..]].concat()));
                    }
                }
            }
            for other in others {
                if let Some(slips) = slips(&word, &other) {
                    found += 1;
                    let apart = differs((mask(&word), word.len()), (mask(&other), other.len()));
                    assert!(!apart, "{word:?} and {other:?} are alike by {slips}");
                }
            }
        }
        assert!(found > 1_000, "{found}");
    }
}
