//! Quotes and orders as PDF: a value in, bytes out. No clock, no files, no database; the same document gives the same bytes.
//!
//! Every figure on the paper is given: nothing is reckoned here, so that paper and screen cannot disagree.

mod breaking;
mod closing;
mod document;
mod face;
pub mod figures;
mod head;
mod ink;
mod logo;
pub mod sample;
mod sheet;
mod table;
mod words;

pub use document::{Customer, Document, Kind, Language, Letterhead, Line, Paper, Totals};
pub use logo::media_type;

use krilla::metadata::Metadata;

/// Why a document could not be printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Fault {
    /// The logo is neither PNG nor JPEG, is damaged, or has more than 4,000 pixels on a side.
    #[error("the logo is not a picture in PNG or JPEG of at most 4,000 pixels a side")]
    Logo,
    /// The PDF could not be written: a fault of ours.
    #[error("the PDF could not be written")]
    Unwritten,
}

/// Whether `bytes` can be printed as a logo.
pub fn check_logo(bytes: &[u8]) -> Result<(), Fault> {
    logo::read(bytes).map(|_| ())
}

/// `document` as a PDF.
pub fn pdf(document: &Document) -> Result<Vec<u8>, Fault> {
    let logo = document.letterhead.logo.as_deref().map(logo::read).transpose()?;
    let words = words::Words::of(document.language);
    let mut pile = head::begin(document, &words, logo.as_ref().map(krilla::image::Image::size));
    let closing = closing::Closing::of(document, &words, pile.measure);
    table::lay(&mut pile, document, &words, closing.totals_height());
    closing.lay(&mut pile);
    head::around(&mut pile, document, &words);
    ink::write(pile.measure, &pile.sheets, logo.as_ref(), metadata(document, &words))
}

fn metadata(document: &Document, words: &words::Words) -> Metadata {
    let language = match document.language {
        Language::English => "en",
        Language::Chinese => "zh-CN",
    };
    Metadata::new()
        .title(head::title(document, words))
        .language(language.to_owned())
        .authors(Some(document.letterhead.name.clone()).filter(|name| !name.is_empty()).into_iter().collect())
        .creator("Stagecraft".to_owned())
}
