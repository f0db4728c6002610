//! The demo company: data files of the repository, brought in by the same import that users have.
//!
//! Every day in the files is as seen from a base day. All are moved by whole weeks towards the day on which the demo
//! is made, so that the open survey is open and weekdays stay what they are.

mod company;
mod files;
mod maker;
mod rounds;
mod surveys;
mod ties;

use std::{fmt, path::Path};

use kit::{rights::Role, web::App};

use self::{
    company::Member,
    files::{COMPANY, FILES, moved},
    maker::Maker,
};
use crate::serve::Failure;

/// What everyone of the demo company signs in with. It guards invented data only.
pub const PASSWORD: &str = "pumping-station";

/// Where the demo of a folder stands, as a file in it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// It was begun and not finished: the program was stopped in between.
    Making,
    Made,
}

const MARK: &str = "demo";

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Mark::Made { "made" } else { "making" })
    }
}

fn mark(folder: &Path) -> Option<Mark> {
    let text = std::fs::read_to_string(folder.join(MARK)).ok()?;
    Some(if text == Mark::Made.to_string() { Mark::Made } else { Mark::Making })
}

/// Whether the company has to be made in this folder; takes away what is there of an unfinished one, or of the whole
/// one where `reset` asks for it.
///
/// Refuses a folder that holds data other than a demo.
pub fn prepare(folder: &Path, reset: bool) -> Result<bool, Failure> {
    let found = mark(folder);
    if found.is_none() && folder.join("waypost.db").exists() {
        return Err(format!(
            "{} holds data that is not a demo. Nothing was touched: choose another folder with --data.",
            folder.display()
        )
        .into());
    }
    if found == Some(Mark::Made) && !reset {
        return Ok(false);
    }
    for name in ["waypost.db", "waypost.db-wal", "waypost.db-shm"] {
        match std::fs::remove_file(folder.join(name)) {
            Err(err) if err.kind() != std::io::ErrorKind::NotFound => return Err(err.into()),
            _ => {}
        }
    }
    for entry in std::fs::read_dir(folder.join("files"))? {
        std::fs::remove_file(entry?.path())?;
    }
    std::fs::write(folder.join(MARK), Mark::Making.to_string())?;
    Ok(true)
}

/// Makes the company in the empty database of a prepared folder.
pub async fn make(app: &App) -> Result<(), Failure> {
    let files = moved(app.now().to_zoned_datetime(jiff::tz::TimeZone::UTC).date())?;
    let company = company::read(&files[COMPANY])?;
    let maker = Maker::begin(app, company.organisation, company.accounts, files).await?;
    for brought in &company.imports {
        maker.bring(&maker.on(brought.on)?, &brought.kind, None, &brought.file).await?;
    }
    for survey in &company.surveys {
        maker.survey(survey).await?;
    }
    for round in &company.rankings {
        maker.rank(round).await?;
    }
    maker.sign(&company.signatures).await?;
    for voting in &company.votings {
        maker.vote(voting).await?;
    }
    for round in &company.who_answers {
        maker.who_answers(round).await?;
    }
    maker.tie(&company.threads).await?;
    std::fs::write(app.folder.join(MARK), Mark::Made.to_string())?;
    Ok(())
}

/// Who can sign in, for the terminal: name, e-mail, role.
pub fn accounts() -> Vec<(String, String, &'static str)> {
    let company = company::read(FILES[0].1).expect("a test makes the demo company");
    let role = |it: &Member| Role::from_key(&it.role).map_or("", Role::label);
    company.accounts.into_iter().map(|it| (it.name.clone(), it.email.clone(), role(&it))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_data_of_ones_own_is_never_taken_for_a_demo() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join("files")).expect("a folder");
        std::fs::write(dir.path().join("waypost.db"), "theirs").expect("a file");
        let refused = prepare(dir.path(), true).expect_err("it is not a demo");
        assert!(refused.to_string().contains("not a demo"), "{refused}");
        assert_eq!(std::fs::read_to_string(dir.path().join("waypost.db")).expect("it is there"), "theirs");
    }

    #[test]
    fn a_demo_that_was_not_finished_is_made_anew_and_a_finished_one_is_kept() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(dir.path().join("files")).expect("a folder");
        assert!(prepare(dir.path(), false).expect("an empty folder"));
        std::fs::write(dir.path().join("waypost.db"), "half").expect("a file");
        assert!(prepare(dir.path(), false).expect("an unfinished demo"));
        assert!(!dir.path().join("waypost.db").exists());
        std::fs::write(dir.path().join(MARK), Mark::Made.to_string()).expect("a mark");
        assert!(!prepare(dir.path(), false).expect("a finished demo"));
        assert!(prepare(dir.path(), true).expect("a reset"));
    }
}
