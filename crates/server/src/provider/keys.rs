//! A provider's keys (JWK Set, RFC 7517): RSA for RS256, P-256 for ES256; others are passed over.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value as Json;

/// How a token may be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    Rs256,
    Es256,
}

/// The keys of a provider.
pub struct Keys {
    keys: Vec<Key>,
    pub fetched: Instant,
}

/// One key.
pub struct Key {
    id: Option<String>,
    public: Public,
}

enum Public {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// Uncompressed, as it is checked.
    P256(Vec<u8>),
}

impl Keys {
    /// Reads a set; keys that are not for signing, or of a kind that is not used here, are left out.
    pub fn read(set: &Json) -> Keys {
        let keys = set.get("keys").and_then(Json::as_array).into_iter().flatten().filter_map(Key::read).collect();
        Keys { keys, fetched: Instant::now() }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.keys.len()
    }

    /// Those that a token of this algorithm and key id may be signed with.
    pub fn fitting(&self, algorithm: Algorithm, id: Option<&str>) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| key.algorithm() == algorithm && id.is_none_or(|id| key.id.as_deref() == Some(id)))
    }
}

impl Key {
    fn read(key: &Json) -> Option<Key> {
        let text = |name: &str| key.get(name).and_then(Json::as_str);
        let bytes = |name: &str| text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok());
        if text("use").is_some_and(|used| used != "sig") {
            return None;
        }
        let (public, algorithm) = match text("kty")? {
            "RSA" => (Public::Rsa { n: bytes("n")?, e: bytes("e")? }, "RS256"),
            "EC" if text("crv") == Some("P-256") => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                (Public::P256([&[4], x.as_slice(), y.as_slice()].concat()), "ES256")
            }
            _ => return None,
        };
        if text("alg").is_some_and(|named| named != algorithm) {
            return None;
        }
        Some(Key { id: text("kid").map(str::to_owned), public })
    }

    fn algorithm(&self) -> Algorithm {
        match self.public {
            Public::Rsa { .. } => Algorithm::Rs256,
            Public::P256(_) => Algorithm::Es256,
        }
    }

    /// True when the signature over `signed` was made with this key's other half.
    pub fn has_signed(&self, signed: &[u8], signature: &[u8]) -> bool {
        match &self.public {
            Public::Rsa { n, e } => {
                // A leading zero is a way of writing the same number, which the check does not take.
                let bare = |bytes: &[u8]| bytes.iter().copied().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
                RsaPublicKeyComponents { n: bare(n), e: bare(e) }.verify(&RSA_PKCS1_2048_8192_SHA256, signed, signature).is_ok()
            }
            Public::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signed, signature).is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The keys and signatures of RFC 7515, appendices A.2 and A.3.
    #[test]
    fn signatures_of_the_rfc_hold_and_changed_ones_do_not() {
        let rsa = json!({"kty": "RSA", "e": "AQAB", "n": "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"});
        let ec = json!({"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"});
        let payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let keys =
            Keys::read(&json!({"keys": [rsa, ec, {"kty": "oct", "k": "AAAA"}, {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}]}));
        assert_eq!(keys.count(), 2);
        for (algorithm, header, signature) in [
            (
                Algorithm::Rs256,
                "eyJhbGciOiJSUzI1NiJ9",
                "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
            ),
            (
                Algorithm::Es256,
                "eyJhbGciOiJFUzI1NiJ9",
                "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
            ),
        ] {
            let key = keys.fitting(algorithm, None).next().unwrap();
            let (signed, signature) = (format!("{header}.{payload}"), URL_SAFE_NO_PAD.decode(signature).unwrap());
            assert!(key.has_signed(signed.as_bytes(), &signature), "{algorithm:?}");
            assert!(!key.has_signed(format!("{signed}x").as_bytes(), &signature));
            assert!(!key.has_signed(signed.as_bytes(), &signature[1..]));
        }
    }
}
