//! What people signed, and what led to what.

use std::collections::BTreeMap;

use db::uuid::Uuid;
use kit::{
    audit::Author,
    people::Person,
    signature::{self, Verdict},
    thread,
};
use survey::{campaign::CAMPAIGN, store};

use super::{
    company::{Signed, Thread},
    maker::{Maker, person},
};
use crate::serve::Failure;

impl Maker {
    pub async fn sign(&self, signatures: &[Signed]) -> Result<(), Failure> {
        for it in signatures {
            let scope = self.scope(self.on(it.on)?).await?;
            let kind = scope.app.registry.kind(&it.of.0).ok_or_else(|| format!("nothing is called {}", it.of.0))?;
            let rows = kit::store::rows(scope.db(), scope.id(), kind).await?;
            let row = rows.iter().find(|row| row.title(kind) == it.of.1);
            let row = row.ok_or_else(|| format!("no {} is called {}", it.of.0, it.of.1))?;
            let people: Vec<Person> = kit::store::all(scope.db(), scope.id()).await?;
            let person = person(&people, &it.person)?;
            let verdict = Verdict::from_key(&it.verdict).ok_or_else(|| format!("nobody says {}", it.verdict))?;
            // They say it themselves, except that they are asked.
            let by = if verdict == Verdict::Asked { scope.author().name } else { person.name.clone() };
            let author = Author { name: by, ..scope.author() };
            let mut tx = scope.db().begin().await?;
            signature::say(&mut tx, &author, kind, row, person, verdict, it.note.clone()).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    pub async fn tie(&self, threads: &[Thread]) -> Result<(), Failure> {
        let scope = self.scope(self.app.now()).await?;
        let mut titles: BTreeMap<(String, String), Uuid> = BTreeMap::new();
        for it in store::campaigns(scope.db(), scope.id()).await? {
            titles.insert((CAMPAIGN.to_owned(), it.title), it.id.0);
        }
        for kind in self.app.registry.kinds() {
            for (id, title) in kit::store::titles(scope.db(), scope.id(), kind).await? {
                titles.insert((kind.key.to_owned(), title), id);
            }
        }
        let find =
            |of: &(String, String)| titles.get(of).copied().ok_or_else(|| format!("no {} is called {}", of.0, of.1));
        let mut tx = scope.db().begin().await?;
        for it in threads {
            let from = thread::End { kind: &it.from.0, id: find(&it.from)? };
            let to = thread::End { kind: &it.to.0, id: find(&it.to)? };
            thread::tie(&mut tx, &scope.author(), from, &it.relation, to).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
