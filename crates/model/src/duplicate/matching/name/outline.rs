//! The outline of a name: what tells of most others, without looking at a letter, that they are not alike.

use std::borrow::Borrow;
use std::sync::Arc;

use super::super::hashed;
use super::score::{DOUBLED_GLYPH, MISSING_GLYPH, Tally, differs, mask, other_numbers};
use super::{Glyph, Name, Sort, Word, alike};

/// Words that an outline has room for; of a name with more it tells nothing.
const WORDS: usize = 8;
/// What is lost at least for a character that the other name does not have, in percent of its weight: it is left out, or stands for another
/// one, and half of that is lost for each of the two.
const UNMET: u32 = if MISSING_GLYPH < 50 { MISSING_GLYPH } else { 50 };

/// What little of a name tells that another is not alike: no score that [`super::alike`] gives is above [`Outline::at_most`]. Two lines of the
/// processor's cache, and not three.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Outline {
    core: u32,
    words: [Stroke; WORDS],
    /// How many of them there are; more than there is room for where it tells nothing.
    many: u8,
    /// Its numbers, hashed; 0 where it has none.
    numbers: u8,
    /// What a character is lost for that the other has not, at least.
    unmet: u16,
    /// What its characters weigh together.
    glyphs: u32,
    /// How they are said, a bit each.
    sounds: u64,
    /// The same of those that look like no other.
    plain: u64,
}

/// A name of which those are looked for among many that are alike enough.
#[derive(Clone, Debug)]
pub struct Sought {
    name: Arc<Name>,
    outline: Outline,
    threshold: u8,
}

impl Sought {
    /// This one, and how alike others must be, in percent.
    pub fn new(name: Arc<Name>, threshold: u8) -> Sought {
        Sought { outline: Outline::of(&name), name, threshold }
    }

    /// True for a name, with its outline, that is alike enough; it is asked for only where the outline does not tell.
    pub fn is_like<N: Borrow<Name>>(&self, outline: &Outline, name: impl FnOnce() -> N) -> bool {
        self.outline.at_most(outline) >= self.threshold && alike(&self.name, name().borrow()) >= self.threshold
    }
}

/// A word, by which letters it has and how many.
#[derive(Clone, Copy, Debug, Default)]
struct Stroke {
    mask: u32,
    /// Its letters in their order, hashed.
    letters: u16,
    weight: u16,
    length: u8,
    sort: Kind,
    /// Letters more where marks are written out, all of them an e.
    more: u8,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Own,
    Line,
    Place,
    Person,
}

impl Outline {
    /// That of a name.
    pub fn of(name: &Name) -> Outline {
        let mut words = [Stroke::default(); WORDS];
        for (stroke, word) in words.iter_mut().zip(&name.words) {
            *stroke = Stroke::of(word);
        }
        let fits = name.words.len() <= WORDS && name.words.iter().all(|word| word.written().len() < 200);
        let mut outline = Outline {
            core: folded(hashed(&name.core)),
            words,
            many: if fits { u8::try_from(name.words.len()).unwrap_or(u8::MAX) } else { u8::MAX },
            numbers: numbers(&name.numbers),
            unmet: u16::MAX,
            glyphs: 0,
            sounds: 0,
            plain: 0,
        };
        for (at, glyph) in name.glyphs.iter().enumerate() {
            let doubled = at > 0 && name.glyphs[at - 1].c == glyph.c;
            let unmet = u32::from(glyph.weight) * if doubled { UNMET.min(DOUBLED_GLYPH) } else { UNMET };
            outline.take(glyph, u16::try_from(unmet).unwrap_or(u16::MAX));
        }
        outline
    }

    fn take(&mut self, glyph: &Glyph, unmet: u16) {
        let bit = 1 << (glyph.sound.cast_unsigned().wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58);
        self.glyphs += u32::from(glyph.weight);
        self.sounds |= bit;
        self.unmet = self.unmet.min(unmet);
        if glyph.looks == 0 {
            self.plain |= bit;
        }
    }

    fn words(&self) -> Option<&[Stroke]> {
        self.words.get(..usize::from(self.many))
    }

    /// How alike two names are at most, in percent.
    pub fn at_most(&self, other: &Outline) -> u8 {
        if self.core == other.core {
            return 100;
        }
        let (Some(a), Some(b)) = (self.words(), other.words()) else { return 99 };
        let mut tally = Tally::default();
        if !words(a, b, &mut tally) {
            return 99;
        }
        if self.glyphs == 0 || other.glyphs == 0 {
            tally.left += self.glyphs * 100;
            tally.right += other.glyphs * 100;
        } else {
            tally.both += u32::midpoint(self.glyphs * 100, other.glyphs * 100);
            tally.slipped += self.unmet_in(other) + other.unmet_in(self);
        }
        let mut score = tally.percent();
        if self.numbers != other.numbers {
            score = other_numbers(score, self.numbers == 0 || other.numbers == 0);
        }
        u8::try_from(score.min(99)).unwrap_or(99)
    }

    /// What is lost at least for characters that nothing in the other sounds or looks like.
    fn unmet_in(&self, other: &Outline) -> u32 {
        // One that looks like another may be met by that; it is not counted, and neither is one of two that share a bit.
        (self.plain & !other.sounds).count_ones() * u32::from(self.unmet)
    }
}

impl Stroke {
    fn of(word: &Word) -> Stroke {
        let length = |letters: &[char]| u8::try_from(letters.len()).unwrap_or(u8::MAX);
        let sort = match word.sort {
            Sort::Own => Kind::Own,
            Sort::Line(_) => Kind::Line,
            Sort::Place(_) => Kind::Place,
            Sort::Person => Kind::Person,
        };
        let more = length(word.written()) - length(&word.letters);
        let hash = word.letters.iter().fold(0x811c_9dc5_u32, |hash, c| (hash ^ u32::from(*c)).wrapping_mul(0x0100_0193));
        let letters = (hash ^ (hash >> 16)) as u16;
        Stroke {
            mask: word.mask,
            letters,
            weight: u16::try_from(word.weight).unwrap_or(u16::MAX),
            length: length(&word.letters),
            sort,
            more,
        }
    }

    fn bare(&self) -> (u32, usize) {
        (self.mask, usize::from(self.length))
    }

    /// With marks written out.
    fn written(&self) -> (u32, usize) {
        let e = if self.more > 0 { mask(&['e']) } else { 0 };
        (self.mask | e, usize::from(self.length) + usize::from(self.more))
    }

    fn is(&self, other: &Stroke) -> bool {
        (self.mask, self.length, self.letters) == (other.mask, other.length, other.letters)
    }

    /// True unless it is certain that neither is a slip of the other, or stands for it.
    fn may_be(&self, other: &Stroke) -> bool {
        match (self.sort, other.sort) {
            // Which line or place it is it does not know.
            (Kind::Line, Kind::Line) | (Kind::Place, Kind::Place) => return true,
            (Kind::Person, Kind::Person) => return false,
            _ => {}
        }
        if !differs(self.bare(), other.bare()) || (self.more > 0 || other.more > 0) && !differs(self.written(), other.written()) {
            return true;
        }
        let (long, short) = if self.length >= other.length { (self, other) } else { (other, self) };
        short.length >= 3 && long.length >= 6 && short.mask & !long.mask == 0 && !matches!(short.sort, Kind::Place | Kind::Person)
    }

    /// True unless it is certain that it is not these two words of the other.
    fn may_be_both(&self, one: &Stroke, two: &Stroke) -> bool {
        !differs((one.mask | two.mask, usize::from(one.length) + usize::from(two.length)), self.bare())
    }
}

/// Words by their places, a bit each.
type Places = u8;

fn has(places: Places, at: usize) -> bool {
    places & 1 << at != 0
}

/// Tells of words what they are at best; false where that is nothing.
fn words(a: &[Stroke], b: &[Stroke], tally: &mut Tally) -> bool {
    // The same words come together first, as when they are compared.
    let (mut of_a, mut of_b): (Places, Places) = (0, 0);
    for (at, word) in a.iter().enumerate() {
        if let Some(to) = b.iter().enumerate().position(|(to, other)| !has(of_b, to) && word.is(other)) {
            (of_a, of_b) = (of_a | 1 << at, of_b | 1 << to);
            tally.both += u32::from(word.weight.min(b[to].weight)) * 100;
        }
    }
    if may_run_together(a, of_a, b, of_b) || may_run_together(b, of_b, a, of_a) {
        return false;
    }
    let (mut met, mut both_a, mut both_b): (Places, u32, u32) = (0, 0, 0);
    for (_, word) in a.iter().enumerate().filter(|(at, _)| !has(of_a, *at)) {
        let mut meets = false;
        for (to, _) in b.iter().enumerate().filter(|(to, other)| !has(of_b, *to) && word.may_be(other)) {
            (met, meets) = (met | 1 << to, true);
        }
        *if meets { &mut both_a } else { &mut tally.left } += u32::from(word.weight) * 100;
    }
    for (to, other) in b.iter().enumerate().filter(|(to, _)| !has(of_b, *to)) {
        *if has(met, to) { &mut both_b } else { &mut tally.right } += u32::from(other.weight) * 100;
    }
    tally.both += both_a.min(both_b);
    true
}

fn may_run_together(a: &[Stroke], of_a: Places, b: &[Stroke], of_b: Places) -> bool {
    let left = |at: usize| !has(of_a, at);
    (1..a.len()).filter(|at| left(at - 1) && left(*at)).any(|at| {
        let mut free = b.iter().enumerate().filter(|(to, _)| !has(of_b, *to));
        free.any(|(_, other)| other.may_be_both(&a[at - 1], &a[at]))
    })
}

fn folded(hash: i64) -> u32 {
    let hash = hash.cast_unsigned();
    (hash ^ (hash >> 32)) as u32
}

/// Never 0 where there are some.
fn numbers(all: &[u32]) -> u8 {
    let hash = all.iter().fold(0_u32, |hash, number| (hash ^ number).wrapping_mul(0x0100_0193).rotate_left(7));
    if all.is_empty() { 0 } else { u8::try_from(hash % 255 + 1).unwrap_or(1) }
}
