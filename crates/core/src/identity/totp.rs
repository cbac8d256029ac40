//! One-time codes by time (RFC 6238): six digits of HMAC-SHA-1, anew every thirty seconds, as every authenticator app makes them.

use ring::hmac;

/// Seconds that a code is shown.
pub const PERIOD: i64 = 30;
/// Steps that a clock may be off, either way.
const DRIFT: i64 = 1;
const DIGITS: u32 = 6;
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The code of a time step.
fn code(secret: &[u8], step: i64) -> u32 {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret), &step.to_be_bytes());
    let tag = tag.as_ref();
    let offset = usize::from(tag.last().copied().unwrap_or(0) & 0x0f);
    let cut = tag.get(offset..offset + 4).map_or([0; 4], |bytes| [bytes[0] & 0x7f, bytes[1], bytes[2], bytes[3]]);
    u32::from_be_bytes(cut) % 10_u32.pow(DIGITS)
}

/// The time step that a typed code belongs to, if it is one of now, of just before or just after. All are tried, whichever fits.
pub fn step_of(secret: &[u8], typed: &str, seconds: i64) -> Option<i64> {
    let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if digits.len() != DIGITS as usize || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let typed: u32 = digits.parse().ok()?;
    let now = seconds.div_euclid(PERIOD);
    let mut found = None;
    for step in now - DRIFT..=now + DRIFT {
        if code(secret, step) == typed {
            found = Some(step);
        }
    }
    found
}

/// The code for a moment: for tests, and for those who play an authenticator.
pub fn code_at(secret: &[u8], seconds: i64) -> String {
    format!("{:06}", code(secret, seconds.div_euclid(PERIOD)))
}

/// Base32 (RFC 4648) without padding, as authenticators take it.
pub fn base32(bytes: &[u8]) -> String {
    let bits: String = bytes.iter().map(|byte| format!("{byte:08b}")).collect();
    let letter = |chunk: &[u8]| {
        let text = std::str::from_utf8(chunk).unwrap_or("0");
        let index = usize::from_str_radix(&format!("{text:0<5}"), 2).unwrap_or(0);
        char::from(ALPHABET[index & 31])
    };
    bits.as_bytes().chunks(5).map(letter).collect()
}

/// The bytes of a base32 text.
pub fn from_base32(text: &str) -> Option<Vec<u8>> {
    let mut bits = String::with_capacity(text.len() * 5);
    for byte in text.bytes() {
        let index = ALPHABET.iter().position(|letter| *letter == byte.to_ascii_uppercase())?;
        bits.push_str(&format!("{index:05b}"));
    }
    let whole = bits.as_bytes().chunks_exact(8);
    whole.map(|chunk| u8::from_str_radix(std::str::from_utf8(chunk).ok()?, 2).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: eight digits there, of which an authenticator shows the last six.
    #[test]
    fn the_codes_are_those_of_the_rfc() {
        let secret = b"12345678901234567890";
        for (seconds, long) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code_at(secret, seconds), long[2..], "{seconds}");
            assert_eq!(step_of(secret, &long[2..], seconds), Some(seconds / PERIOD));
        }
    }

    /// RFC 4226, appendix D.
    #[test]
    fn the_counted_codes_are_those_of_the_rfc() {
        let expected = [755_224, 287_082, 359_152, 969_429, 338_314, 254_676, 287_922, 162_583, 399_871, 520_489];
        for (step, expected) in expected.into_iter().enumerate() {
            assert_eq!(code(b"12345678901234567890", step as i64), expected);
        }
    }

    #[test]
    fn a_clock_may_be_off_by_one_step_and_no_more() {
        let secret = b"a secret of twenty b";
        let now = 1_800_000_000;
        for (off, fits) in [(-60, false), (-30, true), (0, true), (30, true), (60, false)] {
            assert_eq!(step_of(secret, &code_at(secret, now + off), now).is_some(), fits, "{off}");
        }
        let code = code_at(secret, now);
        assert!(step_of(secret, &format!("{} {}", &code[..3], &code[3..]), now).is_some());
        for wrong in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(step_of(secret, wrong, now), None);
        }
    }

    #[test]
    fn base32_is_that_of_the_rfc() {
        for (plain, coded) in
            [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI")]
        {
            assert_eq!(base32(plain.as_bytes()), coded);
            assert_eq!(from_base32(coded).unwrap(), plain.as_bytes());
        }
        assert_eq!(from_base32("M1"), None);
    }
}
