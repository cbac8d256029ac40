//! Where a call came from.

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
    address: String,
    agent: String,
}

impl Origin {
    /// A call from an address, by a program as it names itself.
    pub fn at(via: Via, address: &str, agent: &str) -> Origin {
        let agent: String = agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect();
        let hash = Sha256::new().chain_update(address).chain_update([0]).chain_update(&agent).finalize();
        let id = hash.iter().take(8).fold(0_u64, |id, byte| id << 8 | u64::from(*byte)) >> 1;
        Origin { via, place: Some(Place { id: id as i64, address: address.to_owned(), agent }) }
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
        self.place.as_ref().map_or("", |place| &place.address)
    }

    /// The program, as it names itself.
    pub fn agent(&self) -> &str {
        self.place.as_ref().map_or("", |place| &place.agent)
    }

    /// Number, address and program.
    pub(super) fn place(&self) -> Option<(i64, &str, &str)> {
        self.place.as_ref().map(|place| (place.id, place.address.as_str(), place.agent.as_str()))
    }
}

impl Origin {
    /// As a job keeps it.
    pub(crate) fn to_json(&self) -> Json {
        let place = self.place.as_ref();
        json!({"via": self.via, "address": place.map(|place| &place.address), "agent": place.map(|place| &place.agent)})
    }

    /// As a job has kept it.
    pub(crate) fn from_json(json: &Json) -> Origin {
        let via = serde_json::from_value(json["via"].clone()).unwrap_or(Via::System);
        match (json["address"].as_str(), json["agent"].as_str()) {
            (Some(address), Some(agent)) => Origin::at(via, address, agent),
            _ => via.into(),
        }
    }
}

impl From<Via> for Origin {
    fn from(via: Via) -> Origin {
        Origin { via, place: None }
    }
}

impl From<&Origin> for Origin {
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
        assert_eq!(Origin::from(Via::System).id(), None);
        for origin in [Origin::at(Via::Screen, "10.0.0.1", "curl/8"), Via::Api.into()] {
            assert_eq!(Origin::from_json(&origin.to_json()), origin);
        }
    }
}
