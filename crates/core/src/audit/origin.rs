//! Where a call came from.

use db::audit::From;
use model::Via;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

/// Characters of a program's name that are kept.
const LONGEST_AGENT: usize = 200;

/// The way a call came in, and from where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub via: Via,
    place: Option<Place>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    id: i64,
    from: From,
}

impl Origin {
    /// A call from an address, by a program as it names itself.
    pub fn at(via: Via, address: &str, agent: &str) -> Origin {
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect();
        Origin { via, place: Some(Place::of(From { address: address.to_owned(), agent, token: None })) }
    }

    /// From the same place with a token of this name, where there is one.
    #[must_use]
    pub fn through(&self, token: Option<&str>) -> Origin {
        let Some(token) = token else { return self.clone() };
        let place = self.place.as_ref().map(|place| Place::of(From { token: Some(token.to_owned()), ..place.from.clone() }));
        Origin { via: self.via, place }
    }

    /// From the same place by another way.
    #[must_use]
    pub fn by(&self, via: Via) -> Origin {
        Origin { via, place: self.place.clone() }
    }

    /// The number that entries carry. None: from nowhere but the product itself.
    pub fn id(&self) -> Option<i64> {
        self.place.as_ref().map(|place| place.id)
    }

    /// The address; empty where it came from nowhere.
    pub fn address(&self) -> &str {
        self.place.as_ref().map_or("", |place| &place.from.address)
    }

    /// The program, as it names itself.
    pub fn agent(&self) -> &str {
        self.place.as_ref().map_or("", |place| &place.from.agent)
    }

    /// The number, and what it stands for.
    pub(super) fn place(&self) -> Option<(i64, &From)> {
        self.place.as_ref().map(|place| (place.id, &place.from))
    }
}

impl Place {
    /// Numbered by what it is, so that it need not be looked up.
    fn of(from: From) -> Place {
        let mut hash = Sha256::new().chain_update(&from.address).chain_update([0]).chain_update(&from.agent);
        if let Some(token) = &from.token {
            hash = hash.chain_update([0]).chain_update(token);
        }
        let id = hash.finalize().iter().take(8).fold(0_u64, |id, byte| id << 8 | u64::from(*byte)) >> 1;
        Place { id: id as i64, from }
    }
}

impl Origin {
    /// As a job keeps it.
    pub(crate) fn to_json(&self) -> Json {
        let from = self.place.as_ref().map(|place| &place.from);
        json!({
            "via": self.via, "address": from.map(|from| &from.address), "agent": from.map(|from| &from.agent),
            "token": from.and_then(|from| from.token.as_ref()),
        })
    }

    /// As a job has kept it.
    pub(crate) fn from_json(json: &Json) -> Origin {
        let via = serde_json::from_value(json["via"].clone()).unwrap_or(Via::System);
        match (json["address"].as_str(), json["agent"].as_str()) {
            (Some(address), Some(agent)) => Origin::at(via, address, agent).through(json["token"].as_str()),
            _ => via.into(),
        }
    }
}

impl std::convert::From<Via> for Origin {
    fn from(via: Via) -> Origin {
        Origin { via, place: None }
    }
}

impl std::convert::From<&Origin> for Origin {
    fn from(origin: &Origin) -> Origin {
        origin.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_place_has_the_same_number() {
        let number = |address: &str, agent: &str| Origin::at(Via::Api, address, agent).id().unwrap();
        assert_eq!(number("10.0.0.1", "curl/8"), number("10.0.0.1", "curl/8"));
        assert_ne!(number("10.0.0.1", "curl/8"), number("10.0.0.2", "curl/8"));
        assert_ne!(number("10.0.0.1", "curl/8"), number("10.0.0.1", "curl/9"));
        assert!(number("10.0.0.1", "") >= 0);
        let (plain, claude) =
            (Origin::at(Via::Mcp, "10.0.0.1", "curl/8"), Origin::at(Via::Mcp, "10.0.0.1", "curl/8").through(Some("Claude")));
        assert_ne!(plain.id(), claude.id());
        assert_eq!(claude.through(None), claude);
        assert_eq!(Origin::from_json(&claude.to_json()), claude);
        assert_eq!(Origin::from(Via::System).id(), None);
        for origin in [Origin::at(Via::Screen, "10.0.0.1", "curl/8"), Via::Api.into()] {
            assert_eq!(Origin::from_json(&origin.to_json()), origin);
        }
    }
}
