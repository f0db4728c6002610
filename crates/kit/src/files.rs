//! Files that people brought, kept in the data folder by their content: the same file is kept once, and its name says
//! whether it is whole.

use std::{fmt::Write as _, path::PathBuf};

use db::uuid::Uuid;
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, MutexGuard};

use crate::{
    error::{Error, Result},
    web::App,
};

/// The name under which content is kept.
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut all, it| {
        let _ = write!(all, "{it:02x}");
        all
    })
}

/// Held from before a file is kept until what refers to it is written, and while one that nothing refers to is taken
/// away: so that nobody takes away what somebody else is about to refer to.
pub async fn hold() -> MutexGuard<'static, ()> {
    static HELD: Mutex<()> = Mutex::const_new(());
    HELD.lock().await
}

/// Keeps a file under the digest of its content.
pub async fn keep(app: &App, hash: &str, bytes: Vec<u8>) -> Result<()> {
    let path = path(app, hash);
    if tokio::fs::try_exists(&path).await.map_err(disk)? {
        return Ok(());
    }
    let fresh = path.with_extension(Uuid::now_v7().to_string());
    let kept = match tokio::fs::write(&fresh, bytes).await {
        Ok(()) => tokio::fs::rename(&fresh, &path).await,
        Err(err) => Err(err),
    };
    if let Err(err) = kept {
        // Half a file would only take up space that is scarce already.
        let _ = tokio::fs::remove_file(&fresh).await;
        return Err(disk(err));
    }
    Ok(())
}

/// Where the file of this digest is kept.
pub fn path(app: &App, hash: &str) -> PathBuf {
    app.folder.join("files").join(hash)
}

pub(crate) fn disk(err: std::io::Error) -> Error {
    if err.kind() == std::io::ErrorKind::StorageFull { Error::Full } else { Error::internal(err) }
}
