//! E-mail addresses, as comparisons see them.

use crate::text::fold;

/// In lower case and without what stands after a plus: both reach the same box.
pub fn normal(email: &str) -> String {
    let email = fold(email);
    let Some((name, host)) = email.rsplit_once('@') else { return email };
    let plain = name.split_once('+').map_or(name, |(name, _)| name);
    format!("{}@{host}", if plain.is_empty() { name } else { plain })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_the_plus_part_do_not_count() {
        assert_eq!(normal("Anna.Berg+Fair@Acme.Example"), "anna.berg@acme.example");
        assert_eq!(normal("+x@acme.example"), "+x@acme.example");
        assert_ne!(normal("anna.berg@acme.example"), normal("annaberg@acme.example"));
    }
}
