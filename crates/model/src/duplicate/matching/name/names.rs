//! Very many names, held in little.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Glyph, Name, Word};

/// Bytes of a packed name, about.
const PACKED: usize = 80;

/// Names that are held together. Most of what they are made of comes again and again, so words and characters are held once, and of each name
/// no more than which of them it has: some 50 bytes instead of 300. A name is put together when it is asked for.
#[derive(Default)]
pub struct Names {
    words: Kinds<Arc<Word>>,
    /// By character and weight, from which the rest follows.
    glyphs: Kinds<(char, u16)>,
    drawn: Vec<Glyph>,
    /// All names behind one another.
    packed: Vec<u8>,
    /// Where each begins.
    begins: Vec<u64>,
}

/// What there is of a kind, each once.
struct Kinds<T> {
    all: Vec<T>,
    places: HashMap<T, u32>,
}

impl<T> Default for Kinds<T> {
    fn default() -> Kinds<T> {
        Kinds { all: Vec::new(), places: HashMap::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Kinds<T> {
    /// The place of one, and whether it has come for the first time.
    fn place(&mut self, one: &T) -> (u32, bool) {
        if let Some(place) = self.places.get(one) {
            return (*place, false);
        }
        let place = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(one.clone());
        self.places.insert(one.clone(), place);
        (place, true)
    }
}

impl Names {
    /// Takes a name in, behind those that are there.
    pub fn push(&mut self, name: &Name) {
        self.begins.push(self.packed.len() as u64);
        self.put(u32::from(name.own));
        self.put_many(name.words.len());
        for word in &name.words {
            let (place, _) = self.words.place(word);
            self.put(place);
        }
        self.put_many(name.glyphs.len());
        for glyph in &name.glyphs {
            let (place, new) = self.glyphs.place(&(glyph.c, glyph.weight));
            if new {
                self.drawn.push(*glyph);
            }
            self.put(place);
        }
        self.put_many(name.places.len());
        name.places.iter().for_each(|place| self.put(u32::from(*place)));
        self.put_many(name.numbers.len());
        name.numbers.iter().for_each(|number| self.put(*number));
        self.put_many(name.core.len());
        self.packed.extend_from_slice(name.core.as_bytes());
    }

    /// The name that was taken in at a place. Panics where none was.
    pub fn get(&self, at: usize) -> Name {
        let mut packed = Packed { rest: &self.packed[usize::try_from(self.begins[at]).unwrap_or(usize::MAX)..] };
        let own = packed.take() == 1;
        let words = packed.many(|place| self.words.all[place as usize].clone());
        let glyphs = packed.many(|place| self.drawn[place as usize]);
        let places = packed.many(|place| u16::try_from(place).unwrap_or(u16::MAX));
        let numbers = packed.many(|number| number);
        let long = packed.take() as usize;
        Name { core: String::from_utf8_lossy(&packed.rest[..long]).into(), words, glyphs, own, places, numbers }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.begins.len()
    }

    /// True for none.
    pub fn is_empty(&self) -> bool {
        self.begins.is_empty()
    }

    /// Takes room for so many names in all, at once: what grows step by step is copied at each, and takes twice its room meanwhile.
    pub fn expect(&mut self, many: usize) {
        self.packed.reserve(many.saturating_mul(PACKED).saturating_sub(self.packed.len()));
        self.begins.reserve(many.saturating_sub(self.begins.len()));
    }

    fn put_many(&mut self, many: usize) {
        // No text is that long.
        self.put(u32::try_from(many).unwrap_or(u32::MAX));
    }

    /// Seven bits to a byte, the lowest first; the eighth says that there are more.
    fn put(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.packed.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.packed.push(number as u8);
    }
}

/// What of a name is still to be read.
struct Packed<'a> {
    rest: &'a [u8],
}

impl Packed<'_> {
    fn take(&mut self) -> u32 {
        let (mut number, mut shift) = (0, 0);
        while let Some((byte, rest)) = self.rest.split_first() {
            self.rest = rest;
            number |= u32::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
        }
        number
    }

    fn many<T>(&mut self, one: impl Fn(u32) -> T) -> Box<[T]> {
        let many = self.take();
        (0..many).map(|_| one(self.take())).collect()
    }
}
