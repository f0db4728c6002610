//! Wrong passwords are counted, so that they cannot be guessed one after the other.

use std::{
    collections::HashMap,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};
use jiff::{SignedDuration, Timestamp};

use crate::{account, web::App};

/// So many wrong passwords within [`WINDOW`] from one address for one e-mail address, and then a pause.
pub const MOST: usize = 10;
pub const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Above this many entries, those whose time is over are dropped.
const MANY: usize = 10_000;

/// The tries of the last quarter of an hour. They live in memory: a restart forgives them.
#[derive(Default)]
pub struct Tries(Mutex<HashMap<String, Vec<Timestamp>>>);

impl Tries {
    /// Counts a try before its password is looked at, so that many at a time are counted too.
    ///
    /// Refuses with the time to wait.
    pub fn begin(&self, caller: &Caller, email: &str, now: Timestamp) -> Result<(), SignedDuration> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() > MANY {
            all.retain(|_, at| at.last().is_some_and(|it| *it > now - WINDOW));
        }
        let at = all.entry(key(caller, email)).or_default();
        at.retain(|it| *it > now - WINDOW);
        if at.len() >= MOST {
            return Err(at[0] + WINDOW - now);
        }
        at.push(now);
        Ok(())
    }

    /// The password was right: nothing is held against its owner.
    pub fn forgive(&self, caller: &Caller, email: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key(caller, email));
    }
}

/// A hash, so that what is typed cannot fill the memory.
fn key(caller: &Caller, email: &str) -> String {
    account::hash(&format!("{} {}", caller.0, email.trim().to_lowercase()))
}

/// The network address that a request comes from.
pub struct Caller(pub String);

impl FromRequestParts<App> for Caller {
    type Rejection = std::convert::Infallible;

    /// A proxy on this machine is believed about whom it speaks for: the last entry is the one that it wrote itself.
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Caller, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|it| it.0.ip());
        let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back().and_then(|it| it.to_str().ok());
        let last = forwarded.and_then(|it| it.rsplit(',').next()).map(|it| it.trim().to_owned());
        let by_proxy = peer.is_some_and(|it| it.is_loopback());
        Ok(Caller(last.filter(|_| by_proxy).or_else(|| peer.map(|it| it.to_string())).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_ten_tries_there_is_a_pause_that_ends_a_quarter_of_an_hour_after_the_first() {
        let (tries, caller) = (Tries::default(), Caller("10.0.0.1".to_owned()));
        let start = Timestamp::UNIX_EPOCH;
        for minute in 0..10 {
            assert!(tries.begin(&caller, "ada@example.org", start + SignedDuration::from_mins(minute)).is_ok());
        }
        let eleventh = tries.begin(&caller, "ADA@example.org ", start + SignedDuration::from_mins(10));
        assert_eq!(eleventh, Err(SignedDuration::from_mins(5)));
        assert!(tries.begin(&caller, "bob@example.org", start + SignedDuration::from_mins(10)).is_ok());
        let elsewhere = Caller("10.0.0.2".to_owned());
        assert!(tries.begin(&elsewhere, "ada@example.org", start + SignedDuration::from_mins(10)).is_ok());
        assert!(tries.begin(&caller, "ada@example.org", start + SignedDuration::from_mins(15)).is_ok());
    }

    #[test]
    fn the_right_password_forgives_the_wrong_ones() {
        let (tries, caller) = (Tries::default(), Caller(String::new()));
        for _ in 0..MOST {
            let _ = tries.begin(&caller, "ada@example.org", Timestamp::UNIX_EPOCH);
        }
        assert!(tries.begin(&caller, "ada@example.org", Timestamp::UNIX_EPOCH).is_err());
        tries.forgive(&caller, "ada@example.org");
        assert!(tries.begin(&caller, "ada@example.org", Timestamp::UNIX_EPOCH).is_ok());
    }
}
