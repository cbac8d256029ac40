//! Secrets and signatures, as Standard Webhooks has them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;

/// What a secret begins with, so that it is known for what it is wherever it turns up.
const PREFIX: &str = "whsec_";
/// Bytes of a secret.
const BYTES: usize = 32;

/// A new secret.
pub(super) fn fresh() -> String {
    format!("{PREFIX}{}", STANDARD.encode(rand::random::<[u8; BYTES]>()))
}

/// `v1,…` over the message's id, the second in which it is sent, and the body, one for each secret.
pub fn sign(secrets: &[String], message: &str, second: i64, body: &str) -> String {
    let signed = format!("{message}.{second}.{body}");
    let one = |secret: &String| {
        let key = STANDARD.decode(secret.trim_start_matches(PREFIX)).unwrap_or_default();
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), signed.as_bytes());
        format!("v1,{}", STANDARD.encode(tag.as_ref()))
    };
    secrets.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_standard_comes_out_as_there() {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
        let signature = sign(&[secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn each_secret_signs() {
        let secrets = [fresh(), fresh()];
        assert!(secrets.iter().all(|secret| secret.starts_with("whsec_") && secret.len() == 50));
        let both = sign(&secrets, "msg_1", 1, "{}");
        let parts: Vec<&str> = both.split(' ').collect();
        assert_eq!(parts, [sign(&secrets[..1], "msg_1", 1, "{}"), sign(&secrets[1..], "msg_1", 1, "{}")]);
    }
}
