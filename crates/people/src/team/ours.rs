//! What comes with Waypost: our list of skills and the words of the ladder.

use std::sync::LazyLock;

use kit::{
    error::{Error, Result},
    import::{self, Counts, Settings},
    record::Kind,
    web::Scope,
};
use serde::Deserialize;

use crate::team::model::{Level, Skill};

/// Our list, as a file that the import reads like any other.
pub const SKILLS: &str = include_str!("../../data/skills.csv");

#[derive(Deserialize)]
struct Ladder {
    step: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    level: i64,
    means: String,
}

static LADDER: LazyLock<Vec<(Level, String)>> = LazyLock::new(|| {
    let read: Ladder = toml::from_str(include_str!("../../data/ladder.toml")).expect("a test reads the same file");
    read.step.into_iter().filter_map(|it| Some((Level::from_number(it.level)?, it.means))).collect()
});

/// The steps of the ladder with what each means, from the lowest.
pub fn ladder() -> &'static [(Level, String)] {
    &LADDER
}

/// What a step means.
pub fn means(level: Level) -> &'static str {
    LADDER.iter().find(|it| it.0 == level).map_or("", |it| &it.1)
}

/// Takes our list in through the import, so that it can be undone like any file. Doing it again adds what is missing
/// and changes nothing that somebody wrote.
pub async fn take_in(scope: &Scope) -> Result<Counts> {
    let kind: &Kind = Skill::KIND;
    let target = import::target(&scope.app.registry, kind.key).ok_or(Error::NotFound)?;
    let settings = Settings::default();
    let (.., counts) = import::file(scope, &*target, None, "skills.csv", SKILLS.as_bytes().to_vec(), &settings).await?;
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_ladder_says_every_step_once_and_in_order() {
        let levels: Vec<Level> = ladder().iter().map(|it| it.0).collect();
        assert_eq!(levels, Level::ALL);
        assert!(Level::ALL.iter().all(|it| !means(*it).is_empty()));
    }

    #[test]
    fn our_list_names_about_sixty_skills_each_once() {
        let names: BTreeSet<&str> = SKILLS.lines().skip(1).filter_map(|it| it.split(',').next()).collect();
        assert_eq!(names.len(), SKILLS.lines().count() - 1);
        assert!((55..=70).contains(&names.len()), "{}", names.len());
    }
}
