//! Papers.

use utoipa::ToSchema;

/// How the organisation presents itself in one language; what is blank is not printed.
#[derive(ToSchema)]
pub struct LetterheadTexts {
    pub name: String,
    /// In lines.
    #[schema(example = "Hafenstraße 12\n20457 Hamburg")]
    pub address: String,
    pub phone: String,
    pub email: String,
    pub web: String,
    pub registration_number: String,
    pub tax_number: String,
    pub bank_details: String,
    /// Stands at the foot of every sheet.
    pub footer: String,
}

#[derive(ToSchema)]
pub struct Letterhead {
    pub version: i64,
    /// `a4` or `letter`.
    #[schema(example = "a4")]
    pub paper: String,
    /// PNG or JPEG in base64.
    pub logo: Option<String>,
    pub en: LetterheadTexts,
    /// Where every text of a language is blank, the other's stand on paper.
    pub zh: LetterheadTexts,
}

/// The letterhead as it shall be. `version` may stand in it and changes nothing.
#[derive(ToSchema)]
pub struct SaveLetterhead {
    pub version: Option<i64>,
    /// `a4` or `letter`.
    #[schema(example = "a4")]
    pub paper: String,
    pub logo: Option<String>,
    pub en: LetterheadTexts,
    pub zh: LetterheadTexts,
}
