//! The pieces of names by which they are found.

use std::sync::Arc;

use super::super::Piece;
use super::{Glyph, Name, Sort, Word};

/// Words and characters of a name that make pieces, its own before others; longer names have enough with them.
const MOST: usize = 4;

impl Name {
    /// The pieces under which it is entered, as numbers.
    pub fn keys(&self) -> Vec<i64> {
        let (mut keys, _) = self.asked();
        keys.extend(self.grams());
        keys
    }

    /// The pieces that are asked for to find what is like it, and how many of them one must have. Where there are two words, pieces of both
    /// together, of which one is enough: hardly another name has it. Else threes of letters, of which a slip takes three or four.
    pub fn asked(&self) -> (Vec<i64>, usize) {
        let mut pairs = Vec::new();
        self.pairs_of_words(&mut pairs);
        self.pairs_of_glyphs(&mut pairs);
        if !pairs.is_empty() {
            return (pairs, 1);
        }
        let grams = self.grams();
        let least = (grams.len() * 3 / 10).max(1);
        (grams, least)
    }

    /// Beginnings with beginnings and ends with ends of two words: a slip leaves the one or the other.
    fn pairs_of_words(&self, pairs: &mut Vec<i64>) {
        let of = |own: bool| {
            self.words
                .iter()
                .map(Arc::as_ref)
                .filter(move |word| !matches!(word.sort, Sort::Place(_)) && matches!(word.sort, Sort::Line(_)) != own)
        };
        let own = of(true).count();
        let words: Vec<(&Word, [String; 2])> =
            of(true).chain(of(false)).take(MOST.max(2)).map(|word| (word, [head(word), tail(word)])).collect();
        for (at, (_, one)) in words.iter().enumerate().take(own.max(1)) {
            for (word, other) in &words[at + 1..] {
                for (a, b) in one.iter().zip(other) {
                    pairs.push(Piece::of(a.min(b)).and("+").and(a.max(b)).key());
                    // However it is shortened, what a company does is the same.
                    if let Sort::Line(line) = word.sort {
                        pairs.push(Piece::of(a).and("=").and(line).key());
                    }
                }
            }
        }
    }

    /// A company's own characters with one another, swapped or not, and each with the first and the last of what it does.
    fn pairs_of_glyphs(&self, pairs: &mut Vec<i64>) {
        let own: Vec<&Glyph> = self.glyphs.iter().filter(|glyph| glyph.is_own()).take(2 * MOST).collect();
        let line = || self.glyphs.iter().filter(|glyph| !glyph.is_own());
        let ends = [line().next(), line().next_back()];
        for (at, one) in own.iter().enumerate() {
            for other in own[at + 1..].iter().take(2) {
                pairs.push(beside(one, other));
            }
            let with = |line: &&Glyph| Piece::of("").and_number(one.sound).and("~~").and_number(line.sound).key();
            pairs.extend(ends.iter().flatten().filter(|_| at < MOST).map(with));
        }
        // With letters beside them: IBM 中国.
        if let (Some(word), Some(one)) = (self.words.first(), own.first()) {
            pairs.push(Piece::of(&head(word)).and("+").and_number(one.sound).key());
        }
    }

    /// Threes of letters of its own words, neighbours among characters, what it does as a whole; places where that is all.
    fn grams(&self) -> Vec<i64> {
        let mut grams = Vec::new();
        for word in self.words.iter() {
            match word.sort {
                Sort::Line(line) => grams.push(Piece::of("=").and(line).key()),
                Sort::Place(_) => {}
                Sort::Own | Sort::Person => {
                    let padded: Vec<char> = ['^'].iter().chain(word.letters.iter()).chain(&['$']).copied().collect();
                    grams.extend(padded.windows(3).map(|three| three.iter().fold(Piece::of(""), |piece, c| piece.and_letter(*c)).key()));
                }
            }
        }
        grams.extend(self.glyphs.windows(2).map(|two| beside(&two[0], &two[1])));
        if !self.own || grams.is_empty() {
            grams.extend(self.places.iter().map(|place| Piece::of("@").and_number((*place).into()).key()));
        }
        if grams.is_empty() {
            grams.push(Piece::of("#").and(&self.core).key());
        }
        grams
    }
}

/// Two characters, in whichever order.
fn beside(one: &Glyph, other: &Glyph) -> i64 {
    Piece::of("").and_number(one.sound.min(other.sound)).and("~").and_number(one.sound.max(other.sound)).key()
}

fn head(word: &Word) -> String {
    word.letters.iter().take(2).collect()
}

fn tail(word: &Word) -> String {
    word.letters[word.letters.len().saturating_sub(3)..].iter().chain(&['$']).collect()
}
