//! The organisation with its accounts, and the files that come in through the import.

use std::{collections::BTreeMap, sync::Arc};

use db::uuid::Uuid;
use jiff::{Timestamp, civil::Date};
use kit::{
    account::{self, AccountId, Session},
    import,
    org::{self, OrgId},
    people::Person,
    rights::Role,
    web::{App, Scope},
};

use super::{
    PASSWORD,
    company::{Member, Settings},
};
use crate::serve::Failure;

/// Whoever makes the company, in the name of its IT leader.
pub struct Maker {
    pub app: App,
    files: BTreeMap<&'static str, String>,
    org: OrgId,
    /// The IT leader, in whose name everything is brought in.
    session: Arc<Session>,
}

impl Maker {
    pub async fn begin(
        app: &App,
        settings: Settings,
        members: Vec<Member>,
        files: BTreeMap<&'static str, String>,
    ) -> Result<Maker, Failure> {
        let org = settings.organisation();
        let hash = account::hash_password(PASSWORD.to_owned()).await?;
        let mut tx = app.db.begin().await?;
        org::insert(&mut tx, &org).await?;
        let mut leader = None;
        for member in members {
            let role = Role::from_key(&member.role).ok_or_else(|| format!("no role is called {}", member.role))?;
            let id = AccountId::fresh();
            account::insert(&mut tx, id, &member.email, &member.name, &hash, app.now()).await?;
            account::join(&mut tx, id, org.id, role).await?;
            if role == Role::ItLeader {
                leader = Some(Session {
                    account: id,
                    name: member.name,
                    email: member.email,
                    org: Some(org.id),
                    seen_at: app.now().as_millisecond(),
                });
            }
        }
        tx.commit().await?;
        let session = Arc::new(leader.ok_or("the demo company has no IT leader")?);
        Ok(Maker { app: app.clone(), files, org: org.id, session })
    }

    /// The organisation as the IT leader has it before them at a moment.
    pub async fn scope(&self, at: Timestamp) -> Result<Scope, Failure> {
        let mut scope = Scope::of_program(&self.app, self.org).await?;
        scope.now = at.min(self.app.now());
        scope.role = Role::ItLeader;
        scope.session = Some(self.session.clone());
        Ok(scope)
    }

    /// The morning of a day.
    pub fn on(&self, day: Date) -> Result<Timestamp, Failure> {
        Ok(day.at(9, 0, 0, 0).in_tz("UTC")?.timestamp())
    }

    pub fn file(&self, name: &str) -> Result<&str, Failure> {
        Ok(self.files.get(name).ok_or_else(|| format!("demo/{name} is not part of the program"))?)
    }

    /// Brings a file in; every row has to arrive.
    pub async fn bring(&self, at: &Timestamp, target: &str, about: Option<Uuid>, name: &str) -> Result<(), Failure> {
        let scope = self.scope(*at).await?;
        let into = import::target(&self.app.registry, target)
            .ok_or_else(|| format!("demo/{name}: nothing is called {target}"))?;
        let bytes = self.file(name)?.as_bytes().to_vec();
        let (_, plan, counts) = import::file(&scope, &*into, about, name, bytes, &import::Settings::default()).await?;
        if counts.skip > 0 || !counts.writes() {
            let skipped = plan.lines.iter().find(|it| it.fate == import::Fate::Skip);
            let why =
                skipped.map_or("nothing came of it".to_owned(), |it| format!("{}: {}", it.row, it.says.join(" ")));
            return Err(format!("demo/{name}, row {why}").into());
        }
        Ok(())
    }
}

pub fn person<'a>(people: &'a [Person], email: &str) -> Result<&'a Person, Failure> {
    let found = people.iter().find(|it| it.email.as_deref() == Some(email));
    Ok(found.ok_or_else(|| format!("nobody has the address {email}"))?)
}
