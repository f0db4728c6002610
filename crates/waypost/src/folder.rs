//! The data folder: one server at a time, and it says so.

use std::{
    fs::{DirBuilder, File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

/// Holds the data folder for as long as it lives.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("The data folder {0} cannot be made or written: {1}. Choose another with --data, or mend its rights.")]
    Unusable(String, #[source] io::Error),
    #[error(
        "Another Waypost holds the data folder {0} (process {1}). Stop that one first, or choose another folder with --data."
    )]
    Held(String, String),
}

/// Makes the folder where there is none, and holds it.
///
/// Refuses when another server holds it.
pub fn hold(folder: &Path) -> Result<Lock, Refused> {
    let unusable = |err| Refused::Unusable(folder.display().to_string(), err);
    // What people answered and the hashes of their passwords are for nobody else on the machine.
    DirBuilder::new().recursive(true).mode(0o700).create(folder.join("files")).map_err(unusable)?;
    let path = folder.join("lock");
    let mut file =
        OpenOptions::new().create(true).read(true).write(true).truncate(false).open(path).map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut holder = String::new();
            let _ = file.read_to_string(&mut holder);
            return Err(Refused::Held(folder.display().to_string(), holder.trim().to_owned()));
        }
        Err(TryLockError::Error(err)) => return Err(unusable(err)),
    }
    file.set_len(0)
        .and_then(|()| file.rewind())
        .and_then(|()| write!(file, "{}", std::process::id()))
        .map_err(unusable)?;
    Ok(Lock { _file: file })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_new_folder_is_for_its_owner_alone() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let folder = dir.path().join("data");
        hold(&folder).expect("a new folder");
        let mode = std::fs::metadata(folder).expect("the folder").permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
    }

    #[test]
    fn a_second_server_is_told_who_holds_the_folder() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let held = hold(dir.path()).expect("the first one holds it");
        let refused = hold(dir.path()).expect_err("the second one does not");
        assert!(refused.to_string().contains(&std::process::id().to_string()), "{refused}");
        drop(held);
        hold(dir.path()).expect("once free it can be held again");
    }
}
