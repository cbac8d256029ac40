//! What all requests share.

use std::net::IpAddr;
use std::sync::Arc;

use stagecraft_core::House;

use crate::door::Door;
use crate::edge::{Arrivals, Attempts, Checks, Network};
use crate::live::Live;
use crate::provider::Providers;
use crate::watching::Watching;
use crate::webhooks::Telling;

/// What all requests share. Cheap to copy.
#[derive(Clone)]
pub struct App(Arc<Inner>);

/// See [`App`].
pub struct Inner {
    pub door: Door,
    pub live: Arc<Live>,
    /// Sign-in attempts by address.
    pub attempts: Attempts,
    /// Leads that came in by web forms.
    pub arrivals: Arrivals,
    /// Checks for duplicates as one types, by person.
    pub checks: Checks,
    pub edge: Edge,
    /// What is known of sign-in providers.
    pub providers: Providers,
    /// How webhooks are told.
    pub telling: Telling,
    /// What this server has seen since it began.
    pub watching: Watching,
}

/// How the server stands in its network.
#[derive(Clone, Debug, Default)]
pub struct Edge {
    /// Proxies whose word on the client's address and scheme is taken.
    pub trusted_proxies: Vec<Network>,
    /// The address people know, as `https://sales.example.com`; cookies are marked secure when it is https.
    pub public_url: Option<String>,
    /// Megabytes of a file that is to be imported; 64 when nothing is said.
    pub import_megabytes: Option<u32>,
}

impl Edge {
    /// Bytes of a file that is to be imported.
    pub fn import_limit(&self) -> usize {
        (self.import_megabytes.unwrap_or(64) as usize) << 20
    }

    /// True when an address belongs to a trusted proxy.
    pub fn trusts(&self, address: IpAddr) -> bool {
        self.trusted_proxies.iter().any(|network| network.contains(address))
    }
}

impl App {
    /// The app on a house.
    pub fn new(house: Arc<House>, edge: Edge) -> App {
        App::telling(house, edge, Telling::default())
    }

    /// As [`App::new`], telling webhooks in this way.
    pub fn telling(house: Arc<House>, edge: Edge, telling: Telling) -> App {
        let live = Live::new(house.clone());
        let (attempts, providers) = (Attempts::default(), Providers::default());
        App(Arc::new(Inner {
            door: Door::new(house),
            live,
            attempts,
            arrivals: Arrivals::default(),
            checks: Checks::default(),
            edge,
            providers,
            telling,
            watching: Watching::default(),
        }))
    }
}

impl std::ops::Deref for App {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}
