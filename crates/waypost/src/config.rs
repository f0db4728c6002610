//! Settings: flags first, then the environment, then `waypost.toml` in the data folder, then the defaults.

use std::{net::SocketAddr, path::PathBuf};

use serde::Deserialize;

/// Where the program keeps its data and how it is reached. Every setting has a default that works.
#[derive(Debug, Clone, clap::Args)]
pub struct Settings {
    /// The data folder: database, files that people brought, waypost.toml.
    #[arg(long, value_name = "FOLDER", global = true, env = "WAYPOST_DATA", default_value = "waypost-data")]
    pub data: PathBuf,
    /// PostgreSQL instead of the database file in the data folder: postgres://user:secret@host/name.
    #[arg(long, value_name = "ADDRESS", global = true, env = "WAYPOST_DATABASE")]
    pub database: Option<String>,
}

/// How the server listens.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Listening {
    /// Where to listen.
    #[arg(long, value_name = "ADDRESS:PORT", env = "WAYPOST_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// How people reach the server from outside, such as https://waypost.example.org.
    #[arg(long, value_name = "URL", env = "WAYPOST_ADDRESS")]
    pub address: Option<String>,
}

/// What `waypost.toml` may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    pub listen: Option<SocketAddr>,
    pub address: Option<String>,
    pub database: Option<String>,
    pub mail: Option<Mail>,
}

/// The mail server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// Such as smtps://user:secret@mail.example.org.
    pub url: String,
    /// Who mail comes from, such as "Waypost <waypost@example.org>".
    pub from: String,
}

/// What is wrong with the settings, and where.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("{path} cannot be read: {why}. Mend its rights or take it away.")]
    Unreadable { path: String, why: std::io::Error },
    #[error("{path} is not as it should be: {why}")]
    Malformed { path: String, why: Box<toml::de::Error> },
}

impl Settings {
    /// Reads `waypost.toml`; a missing one is an empty one.
    pub fn file(&self) -> Result<File, Fault> {
        let path = self.data.join("waypost.toml");
        let named = || path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => toml::from_str(&text).map_err(|why| Fault::Malformed { path: named(), why: Box::new(why) }),
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
            Err(why) => Err(Fault::Unreadable { path: named(), why }),
        }
    }

    /// The address of the database.
    pub fn database(&self, file: &File) -> String {
        let given = self.database.clone().or_else(|| file.database.clone());
        given.unwrap_or_else(|| format!("sqlite:{}", self.data.join("waypost.db").display()))
    }
}

impl Listening {
    pub fn listen(&self, file: &File) -> SocketAddr {
        self.listen.or(file.listen).unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 7878)))
    }

    /// Without a slash at the end.
    pub fn address(&self, file: &File) -> String {
        let given = self.address.clone().or_else(|| std::env::var("WAYPOST_ADDRESS").ok());
        let address = given.or_else(|| file.address.clone());
        address.unwrap_or_else(|| format!("http://{}", self.listen(file))).trim_end_matches('/').to_owned()
    }
}
