//! Names, read into what they are made of: a company's own words, what it does, where, its legal form, numbers.

mod han;
mod keys;
mod latin;
mod names;
mod outline;
mod places;
mod score;

use std::sync::Arc;

use self::latin::{Known, known, unmarked};
use super::plain::{self, is_han};

pub use names::Names;
pub use outline::{Outline, Sought};
pub use score::alike;

/// How much words tell of who is meant: a company's own.
const OWN: u32 = 300;
/// What it does; so do many.
const LINE: u32 = 100;
/// Where it is, beside words of its own.
const PLACE: u32 = 50;
/// Where it is, when it has no words of its own.
const PLACE_ALONE: u32 = 200;

/// A name, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// What must be the same for two names to be: without case, width, punctuation and legal form.
    pub core: Box<str>,
    words: Box<[Arc<Word>]>,
    glyphs: Box<[Glyph]>,
    /// True where it has words of its own, not only those that many companies have.
    own: bool,
    /// Sorted.
    places: Box<[u16]>,
    /// Sorted.
    numbers: Box<[u32]>,
}

/// A word of a name in letters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Word {
    /// Without marks, and without what is written for them (ue for ü).
    letters: Box<[char]>,
    /// With what is written for marks, where that is something else.
    written: Option<Box<[char]>>,
    /// Which letters there are, as [`score::mask`] says.
    mask: u32,
    weight: u32,
    sort: Sort,
}

impl Word {
    fn written(&self) -> &[char] {
        self.written.as_deref().unwrap_or(&self.letters)
    }
}

/// What a word is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Sort {
    Own,
    Line(&'static str),
    Place(u16),
    Person,
}

/// A character of Chinese.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Glyph {
    c: char,
    /// How it is said, hashed.
    sound: i64,
    /// Which characters look like it.
    looks: u8,
    weight: u16,
}

impl Glyph {
    /// True for a company's own.
    fn is_own(&self) -> bool {
        u32::from(self.weight) == OWN
    }
}

impl Name {
    /// Reads a company's name.
    pub fn of_company(text: &str) -> Name {
        Name::read(text, true)
    }

    /// Reads any other text, of which no word tells less than another.
    pub fn of_text(text: &str) -> Name {
        Name::read(text, false)
    }

    fn read(text: &str, company: bool) -> Name {
        let parts = plain::parts(text);
        let all = pieces(&parts);
        let kept = if company { without_legal(&all) } else { all };
        let mut reading = Reading::default();
        for (at, piece) in kept.iter().enumerate() {
            if piece.han {
                reading.take_han(&piece.text, company);
            } else {
                reading.take_word(piece, at == 0, company);
            }
        }
        reading.name(plain::joined(&kept.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>()))
    }
}

/// What of a name has been read.
#[derive(Default)]
struct Reading {
    words: Vec<Word>,
    glyphs: Vec<Glyph>,
    places: Vec<u16>,
    numbers: Vec<u32>,
}

impl Reading {
    fn take_word(&mut self, piece: &Piece, first: bool, company: bool) {
        let text = piece.plain.as_str();
        let known = piece.known.filter(|known| company || matches!(known, Known::Roman(_) | Known::NumberSign | Known::Joint));
        if let Ok(number) = text.parse() {
            return self.numbers.push(number);
        }
        let sort = match known {
            Some(Known::Roman(number)) if !first => return self.numbers.push(number),
            Some(Known::NumberSign | Known::Joint) if !first => return,
            Some(Known::Line(line)) => Sort::Line(line),
            Some(Known::Place(place)) => {
                self.places.push(place);
                Sort::Place(place)
            }
            Some(Known::Person) => Sort::Person,
            _ => Sort::Own,
        };
        let letters: Box<[char]> = text.chars().collect();
        let weight = match (sort, letters.len()) {
            (Sort::Line(_), _) => LINE,
            (Sort::Place(_), _) => PLACE,
            (_, 1) => OWN / 3,
            (_, 2) => OWN * 2 / 3,
            _ => OWN,
        };
        let written: Box<[char]> = latin::bare(&piece.text).chars().collect();
        let written = (written != letters).then_some(written);
        let mask = score::mask(&letters);
        self.words.push(Word { letters, written, mask, weight, sort });
    }

    fn take_han(&mut self, text: &str, company: bool) {
        let mut rest = text;
        while let Some((place, after)) = han::place(rest).filter(|_| company) {
            self.places.push(place);
            rest = after;
        }
        let letters: Vec<char> = rest.chars().collect();
        let lines = if company { han::lines(&letters) } else { vec![false; letters.len()] };
        let mut at = 0;
        while at < letters.len() {
            if let Some((length, number)) = han::number(&letters, at) {
                self.numbers.push(number);
                at += length;
                continue;
            }
            let weight = if lines[at] { LINE } else { OWN } as u16;
            let c = letters[at];
            self.glyphs.push(Glyph { c, sound: super::hashed(&han::sound(c)), looks: han::looks(c), weight });
            at += 1;
        }
    }

    fn name(mut self, core: String) -> Name {
        let own = self.words.iter().any(|word| matches!(word.sort, Sort::Own | Sort::Person)) || self.glyphs.iter().any(Glyph::is_own);
        // Where there is no word of its own, places are all there is.
        for word in self.words.iter_mut().filter(|word| !own && matches!(word.sort, Sort::Place(_))) {
            word.weight = PLACE_ALONE;
        }
        self.places.sort_unstable();
        self.places.dedup();
        self.numbers.sort_unstable();
        Name {
            core: core.into(),
            words: self.words.into_iter().map(Arc::new).collect(),
            glyphs: self.glyphs.into(),
            own,
            places: self.places.into(),
            numbers: self.numbers.into(),
        }
    }
}

/// A run of letters or of characters of Chinese.
#[derive(Clone, Debug)]
struct Piece {
    text: String,
    plain: String,
    known: Option<Known>,
    han: bool,
}

fn pieces(parts: &str) -> Vec<Piece> {
    let mut texts: Vec<(String, bool)> = Vec::new();
    // Letters one by one are an abbreviation that was written with points: S.A.R.L.
    let mut single = false;
    for word in parts.split(' ') {
        let one = word.len() == 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
        match texts.last_mut() {
            Some((last, false)) if one && single => last.push_str(word),
            _ => split(word, &mut texts),
        }
        single = one;
    }
    let piece = |(text, han): (String, bool)| {
        let plain = if han { String::new() } else { unmarked(&text) };
        let known = if han { None } else { known(&plain) };
        Piece { text, plain, known, han }
    };
    texts.into_iter().map(piece).collect()
}

/// Puts the runs of a word behind one another.
fn split(word: &str, texts: &mut Vec<(String, bool)>) {
    let mut begin = 0;
    let mut last: Option<bool> = None;
    for (at, c) in word.char_indices() {
        let han = is_han(c);
        if last.is_some_and(|last| last != han) {
            texts.push((word[begin..at].to_owned(), !han));
            begin = at;
        }
        last = Some(han);
    }
    if let Some(han) = last {
        texts.push((word[begin..].to_owned(), han));
    }
}

/// Without legal forms; all of it where nothing else is there.
fn without_legal(all: &[Piece]) -> Vec<Piece> {
    let mut legal: Vec<bool> =
        all.iter().enumerate().map(|(at, piece)| piece.known == Some(Known::Legal) && (at > 0 || leads(&piece.plain))).collect();
    let weak = |piece: &Piece| matches!(piece.known, Some(Known::WeakLegal));
    // From the end on: Müller & Cie, Ford Motor Company.
    for at in (1..all.len()).rev() {
        legal[at] |= weak(&all[at]) && alone(&all[at].plain);
        if !legal[at] {
            break;
        }
    }
    // Beside one that is sure: Co. Ltd., GmbH und Co. KG.
    for _ in 0..all.len() {
        for at in 1..all.len() {
            let beside = legal[at - 1] || legal.get(at + 1).is_some_and(|next| *next);
            let joint = matches!(all[at].known, Some(Known::Joint)) && legal[at - 1] && legal.get(at + 1).is_some_and(|next| *next);
            legal[at] |= (weak(&all[at]) && beside) || joint;
        }
    }
    let mut kept = Vec::new();
    for (piece, legal) in all.iter().zip(legal) {
        if legal {
            continue;
        }
        let text = if piece.han { han::without_legal(&piece.text) } else { &piece.text };
        if !text.is_empty() {
            kept.push(Piece { text: text.to_owned(), ..piece.clone() });
        }
    }
    if kept.is_empty() { all.to_vec() } else { kept }
}

/// Forms that stand before a name as well.
fn leads(form: &str) -> bool {
    matches!(form, "sarl" | "eurl" | "selarl" | "snc")
}

/// Forms that are sure at the end of a name, whatever stands before them.
fn alone(form: &str) -> bool {
    matches!(form, "co" | "company" | "sa" | "se" | "as" | "oy" | "sca" | "sci" | "cie" | "compagnie" | "gesellschaft" | "ev" | "eg")
}

#[cfg(test)]
mod tests;
