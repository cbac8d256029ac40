//! Slips of the fingers, and other ways to type the same letters.

use super::Dice;
use super::words::{LOOK_ALIKE, SOUND_ALIKE};

const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];

/// One letter of a word left out, doubled, swapped or put for its neighbour on the keyboard; the first letter stays.
pub fn slip(word: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 4 {
        return word.to_owned();
    }
    let at = 1 + dice.below(letters.len() - 2);
    match dice.below(4) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, letters[at]),
        2 => letters.swap(at, at + 1),
        _ => letters[at] = neighbour(letters[at], dice),
    }
    letters.into_iter().collect()
}

fn neighbour(letter: char, dice: &mut Dice) -> char {
    let Some((row, at)) = ROWS.iter().find_map(|row| Some((row, row.find(letter.to_ascii_lowercase())?))) else { return 'e' };
    let near = if at == 0 || (at + 1 < row.len() && dice.one_in(2)) { at + 1 } else { at - 1 };
    row[near..].chars().next().unwrap_or('e')
}

/// One character of Chinese for another that sounds like it (mostly) or looks like it; else two are swapped, one is doubled or left out.
pub fn slip_of_chinese(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let groups = match dice.below(10) {
        0..=5 => SOUND_ALIKE,
        6..=7 => LOOK_ALIKE,
        _ => &[],
    };
    let may: Vec<(usize, char)> = letters
        .iter()
        .enumerate()
        .flat_map(|(at, letter)| {
            groups
                .iter()
                .filter(move |group| group.contains(*letter))
                .flat_map(move |group| group.chars().filter(move |other| other != letter).map(move |other| (at, other)))
        })
        .collect();
    if !may.is_empty() {
        let (at, other) = may[dice.below(may.len())];
        letters[at] = other;
        return letters.into_iter().collect();
    }
    let at = dice.below(letters.len() - 1);
    match dice.below(3) {
        0 => letters.swap(at, at + 1),
        1 => letters.insert(at, letters[at]),
        _ => {
            letters.remove(at);
        }
    }
    letters.into_iter().collect()
}

/// In full-width letters, as Chinese and Japanese keyboards give them.
pub fn wide(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ' ' => '\u{3000}',
            '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c),
            c => c,
        })
        .collect()
}

/// Letters with marks in the ways in which they are written without.
pub fn unmarked(text: &str, dice: &mut Dice) -> String {
    let german = dice.one_in(2);
    text.chars()
        .map(|c| {
            match c {
                'ä' if german => "ae",
                'ö' if german => "oe",
                'ü' if german => "ue",
                'ß' => "ss",
                'ä' | 'â' | 'à' => "a",
                'ö' | 'ô' => "o",
                'ü' | 'û' => "u",
                'é' | 'è' | 'ê' => "e",
                'É' => "E",
                c => return c.to_string(),
            }
            .to_owned()
        })
        .collect()
}
