//! Currencies of ISO 4217.

use std::fmt;
use std::str::FromStr;

/// A currency of ISO 4217, by its three letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    pub const USD: Currency = Currency(*b"USD");

    /// The three letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// Digits after the point in the smallest coin: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn digits(&self) -> u32 {
        iso_currency::Currency::from_code(self.code()).and_then(|c| c.exponent()).map_or(2, u32::from)
    }
}

impl FromStr for Currency {
    type Err = ();
    /// Takes the code in any case; an unknown code is an error.
    fn from_str(text: &str) -> Result<Currency, ()> {
        let code = text.trim().to_ascii_uppercase();
        iso_currency::Currency::from_code(&code).ok_or(())?;
        code.as_bytes().try_into().map(Currency).map_err(|_| ())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Currency, D::Error> {
        let code = <std::borrow::Cow<'de, str>>::deserialize(d)?;
        code.parse().map_err(|()| serde::de::Error::custom(format!("{code} is not a currency of ISO 4217")))
    }
}
