//! How telephones are called from and in the countries.

/// A country's calling code and habits.
pub struct Plan {
    /// ISO 3166, two letters.
    pub country: &'static str,
    /// Its calling code.
    pub code: &'static str,
    /// What is dialled before a number within the country and not from outside.
    pub trunk: &'static str,
    /// What is dialled to call abroad.
    pub abroad: &'static str,
    /// Digits of its longest numbers, the trunk left out.
    pub longest: usize,
}

const fn plan(country: &'static str, code: &'static str, trunk: &'static str, abroad: &'static str, longest: usize) -> Plan {
    Plan { country, code, trunk, abroad, longest }
}

/// Common countries; of those that share a calling code the first stands for all.
pub const PLANS: [Plan; 72] = [
    plan("US", "1", "1", "011", 10),
    plan("CA", "1", "1", "011", 10),
    plan("PR", "1", "1", "011", 10),
    plan("RU", "7", "8", "810", 10),
    plan("KZ", "7", "8", "810", 10),
    plan("EG", "20", "0", "00", 10),
    plan("ZA", "27", "0", "00", 9),
    plan("GR", "30", "", "00", 10),
    plan("NL", "31", "0", "00", 9),
    plan("BE", "32", "0", "00", 9),
    plan("FR", "33", "0", "00", 9),
    plan("ES", "34", "", "00", 9),
    plan("HU", "36", "06", "00", 9),
    plan("IT", "39", "", "00", 11),
    plan("RO", "40", "0", "00", 9),
    plan("CH", "41", "0", "00", 9),
    plan("AT", "43", "0", "00", 13),
    plan("GB", "44", "0", "00", 10),
    plan("DK", "45", "", "00", 8),
    plan("SE", "46", "0", "00", 10),
    plan("NO", "47", "", "00", 8),
    plan("PL", "48", "", "00", 9),
    plan("DE", "49", "0", "00", 12),
    plan("PE", "51", "0", "00", 9),
    plan("MX", "52", "", "00", 10),
    plan("AR", "54", "0", "00", 11),
    plan("BR", "55", "0", "00", 11),
    plan("CL", "56", "", "00", 9),
    plan("CO", "57", "", "00", 10),
    plan("VE", "58", "0", "00", 10),
    plan("MY", "60", "0", "00", 10),
    plan("AU", "61", "0", "0011", 9),
    plan("ID", "62", "0", "001", 12),
    plan("PH", "63", "0", "00", 10),
    plan("NZ", "64", "0", "00", 10),
    plan("SG", "65", "", "000", 8),
    plan("TH", "66", "0", "001", 9),
    plan("JP", "81", "0", "010", 10),
    plan("KR", "82", "0", "00", 10),
    plan("VN", "84", "0", "00", 10),
    plan("CN", "86", "0", "00", 11),
    plan("TR", "90", "0", "00", 10),
    plan("IN", "91", "0", "00", 10),
    plan("PK", "92", "0", "00", 10),
    plan("LK", "94", "0", "00", 9),
    plan("IR", "98", "0", "00", 10),
    plan("MA", "212", "0", "00", 9),
    plan("TN", "216", "", "00", 8),
    plan("NG", "234", "0", "009", 10),
    plan("KE", "254", "0", "000", 9),
    plan("PT", "351", "", "00", 9),
    plan("LU", "352", "", "00", 11),
    plan("IE", "353", "0", "00", 9),
    plan("IS", "354", "", "00", 9),
    plan("MT", "356", "", "00", 8),
    plan("CY", "357", "", "00", 8),
    plan("FI", "358", "0", "00", 11),
    plan("BG", "359", "0", "00", 9),
    plan("LT", "370", "0", "00", 8),
    plan("LV", "371", "", "00", 8),
    plan("EE", "372", "", "00", 8),
    plan("UA", "380", "0", "00", 9),
    plan("RS", "381", "0", "00", 9),
    plan("HR", "385", "0", "00", 9),
    plan("SI", "386", "0", "00", 8),
    plan("CZ", "420", "", "00", 9),
    plan("SK", "421", "0", "00", 9),
    plan("LI", "423", "", "00", 9),
    plan("HK", "852", "", "001", 8),
    plan("TW", "886", "0", "002", 9),
    plan("AE", "971", "0", "00", 9),
    plan("SA", "966", "0", "00", 9),
];

/// The plan of a country by its ISO code.
pub fn of_country(country: &str) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| plan.country.eq_ignore_ascii_case(country))
}

/// The plan by whose calling code the digits begin; no calling code begins another.
pub fn of_digits(digits: &str) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| digits.starts_with(plan.code))
}
