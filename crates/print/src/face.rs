//! The fonts, and text as glyphs of them.

use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, Face, UnicodeBuffer};

/// How heavy the letters are.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Weight {
    #[default]
    Regular,
    Bold,
}

/// One font file: as the shaper reads it, and as the paper embeds it.
struct Cut {
    face: Face<'static>,
    font: Font,
}

impl Cut {
    #[expect(clippy::expect_used, reason = "the fonts travel in the binary, and a test reads them")]
    fn of(file: &'static [u8]) -> Cut {
        let face = Face::from_slice(file, 0).expect("a font of the crate is read");
        let font = Font::new(file.into(), 0).expect("a font of the crate is read");
        Cut { face, font }
    }

    fn has(&self, letter: char) -> bool {
        self.face.glyph_index(letter).is_some()
    }
}

static LATIN: LazyLock<Cut> = LazyLock::new(|| Cut::of(include_bytes!("../fonts/NotoSans-Regular.ttf")));
static LATIN_BOLD: LazyLock<Cut> = LazyLock::new(|| Cut::of(include_bytes!("../fonts/NotoSans-Bold.ttf")));
static CHINESE: LazyLock<Cut> = LazyLock::new(|| Cut::of(include_bytes!("../fonts/NotoSansSC-Regular.otf")));
static CHINESE_BOLD: LazyLock<Cut> = LazyLock::new(|| Cut::of(include_bytes!("../fonts/NotoSansSC-Bold.otf")));

/// What a stretch of text is set in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Choice {
    Latin(Weight),
    Chinese(Weight),
    /// The regular Chinese letter with a stroke around it: the bold font has only the characters of every day.
    Thickened,
}

impl Choice {
    fn cut(self) -> &'static Cut {
        match self {
            Choice::Latin(Weight::Regular) => &LATIN,
            Choice::Latin(Weight::Bold) => &LATIN_BOLD,
            Choice::Chinese(Weight::Regular) | Choice::Thickened => &CHINESE,
            Choice::Chinese(Weight::Bold) => &CHINESE_BOLD,
        }
    }
}

/// A stretch of text in one font, ready to be drawn at any size.
pub struct Stretch {
    pub font: Font,
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    /// In parts of the size.
    pub width: f32,
    pub thickened: bool,
}

/// `text` in the fonts that have its letters. It must be of one line.
pub fn shape(text: &str, weight: Weight) -> Vec<Stretch> {
    let letters: Vec<char> = text.chars().collect();
    let mut stretches: Vec<(Choice, String)> = Vec::new();
    for (index, letter) in letters.iter().enumerate() {
        let choice = choose(&letters, index, weight);
        match stretches.last_mut() {
            Some((last, stretch)) if *last == choice || is_mark(*letter) => stretch.push(*letter),
            _ => stretches.push((choice, letter.to_string())),
        }
    }
    stretches.into_iter().map(|(choice, text)| set(choice, text)).collect()
}

/// How wide `text` is, in parts of the size.
pub fn width(text: &str, weight: Weight) -> f32 {
    shape(text, weight).iter().map(|stretch| stretch.width).sum()
}

fn choose(letters: &[char], index: usize, weight: Weight) -> Choice {
    let letter = letters[index];
    let latin = Choice::Latin(weight).cut();
    if latin.has(letter) && !(is_shared(letter) && beside_chinese(letters, index)) {
        return Choice::Latin(weight);
    }
    if Choice::Chinese(weight).cut().has(letter) {
        return Choice::Chinese(weight);
    }
    match weight {
        Weight::Bold if CHINESE.has(letter) => Choice::Thickened,
        _ if CHINESE.has(letter) => Choice::Chinese(Weight::Regular),
        _ => Choice::Latin(weight),
    }
}

/// Punctuation that both ways of writing have under one number, wide in Chinese and narrow in Latin.
fn is_shared(letter: char) -> bool {
    matches!(letter, '\u{2018}' | '\u{2019}' | '\u{201C}' | '\u{201D}' | '…' | '—' | '·')
}

/// Whether the nearest letter on either side that tells, past others that are shared, is Chinese.
fn beside_chinese(letters: &[char], index: usize) -> bool {
    let before = letters[..index].iter().rev().find(|letter| !is_shared(**letter));
    let after = letters[index + 1..].iter().find(|letter| !is_shared(**letter));
    before.into_iter().chain(after).any(|letter| is_wide(*letter))
}

fn is_wide(letter: char) -> bool {
    matches!(u32::from(letter), 0x2E80..=0xA4CF | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFFEF | 0x20000..=0x3FFFF)
}

fn is_mark(letter: char) -> bool {
    matches!(u32::from(letter), 0x0300..=0x036F | 0x200D | 0xFE00..=0xFE0F)
}

fn set(choice: Choice, text: String) -> Stretch {
    let cut = choice.cut();
    let mut buffer = UnicodeBuffer::new();
    buffer.push_str(&text);
    buffer.guess_segment_properties();
    buffer.set_direction(Direction::LeftToRight);
    let shaped = rustybuzz::shape(&cut.face, &[], buffer);
    let em = cut.font.units_per_em();
    let starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
    let glyphs: Vec<KrillaGlyph> = shaped
        .glyph_infos()
        .iter()
        .zip(shaped.glyph_positions())
        .map(|(info, position)| {
            let start = info.cluster as usize;
            let end = starts.iter().copied().filter(|other| *other > start).min().unwrap_or(text.len());
            let part = |units: i32| units as f32 / em;
            KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                part(position.x_advance),
                part(position.x_offset),
                part(position.y_offset),
                part(position.y_advance),
                start..end,
                None,
            )
        })
        .collect();
    let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
    Stretch { font: cut.font.clone(), text, glyphs, width, thickened: choice == Choice::Thickened }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_daily_use_has_a_glyph() {
        let rare = "龘靐齉爩㐀䶵𠮷𡘙"; // Han within and beyond the basic plane that names are made of.
        for text in ["Größe Škoda Łódź Ångström", "Ελλάδα Москва", "€£¥₹₩", "（，。！？；：、《》「」）", "한국 カタカナ", rare]
        {
            for weight in [Weight::Regular, Weight::Bold] {
                for stretch in shape(text, weight) {
                    assert!(stretch.glyphs.iter().all(|glyph| glyph.glyph_id.to_u32() != 0), "{text} {weight:?}");
                }
            }
        }
        let missing = (0x4E00..=0x9FA5).chain(0x3400..=0x4DB5).filter_map(char::from_u32).filter(|han| !CHINESE.has(*han)).count();
        assert_eq!(missing, 0, "GB 18030 asks for these");
    }

    #[test]
    fn figures_are_of_one_width() {
        for weight in [Weight::Regular, Weight::Bold] {
            let one = width("1", weight);
            assert!("0123456789".chars().all(|digit| width(&digit.to_string(), weight) == one));
        }
    }

    #[test]
    fn a_rare_character_in_bold_is_thickened() {
        let kinds: Vec<(String, bool)> = shape("龘靐公司", Weight::Bold).into_iter().map(|s| (s.text, s.thickened)).collect();
        assert_eq!(kinds, [("龘靐".to_owned(), true), ("公司".to_owned(), false)]);
    }

    #[test]
    fn quotation_marks_follow_their_neighbours() {
        let wide = |text: &str| shape(text, Weight::Regular).iter().map(|s| s.width).sum::<f32>();
        assert!((wide("他说“好”。") - 6.0).abs() < 0.01);
        assert!(wide("“a”") < 2.0);
        // A dash of two is one line, a little shorter than two characters.
        assert!(wide("中——文") > 3.7 && shape("中——文", Weight::Regular).len() == 1);
    }
}
