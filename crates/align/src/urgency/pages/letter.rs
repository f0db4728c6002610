//! The letter to a sponsor: read on a page first, then taken away as a document to edit.

use std::{collections::BTreeMap, sync::Arc};

use askama::Template;
use axum::{extract::Path, response::Response};
use kit::{
    document::DOCX,
    error::{Error, Result},
    people::{self, Person, PersonId},
    rights::Right,
    store, thread,
    web::{Place, Scope, download as send},
};

use crate::urgency::{
    here::Obstacles,
    model::{Decision, Obstacle, ObstacleId},
    rules::letter::About,
};

#[derive(Template)]
#[template(path = "urgency/pages/letter.html")]
struct Page {
    id: ObstacleId,
    heading: String,
    lacks: Vec<&'static str>,
    would_gain: Vec<&'static str>,
    letter: String,
    may: bool,
}

/// What a letter is made from, loaded.
struct Loaded {
    obstacle: Obstacle,
    here: Arc<Obstacles>,
    people: BTreeMap<PersonId, Person>,
    shown_by: Vec<Decision>,
    writer: (String, Option<String>),
}

impl Loaded {
    async fn of(scope: &Scope, id: ObstacleId) -> Result<Loaded> {
        let obstacle: Obstacle = store::find(scope.db(), scope.id(), id).await?;
        let links = thread::of(scope.db(), scope.id(), id.0).await?;
        let follows = |it: &Decision| {
            links
                .iter()
                .any(|link| link.to_id == id.0 && link.from_kind == Decision::KIND.key && link.from_id == it.id.0)
        };
        let mut shown_by: Vec<Decision> = store::all(scope.db(), scope.id()).await?;
        shown_by.retain(follows);
        shown_by.sort_by_key(|it| it.asked);
        let viewer = people::viewer(scope).await?;
        for it in shown_by.iter_mut().filter(|it| !viewer.sees_amounts_of(*it)) {
            it.amount = None;
        }
        let me = people::me(scope).await?;
        let writer = match (me, &scope.session) {
            (Some(me), _) => (me.name, me.job),
            (None, Some(session)) => (session.name.clone(), None),
            (None, None) => (scope.org.name.clone(), None),
        };
        Ok(Loaded {
            obstacle,
            here: Obstacles::load(scope).await?,
            people: people::by_id(scope).await?,
            shown_by,
            writer,
        })
    }

    fn about<'a>(&'a self, scope: &'a Scope) -> About<'a> {
        let threatened = self.here.threatened(self.obstacle.id);
        About {
            org: &scope.org.name,
            obstacle: &self.obstacle,
            sponsor: self.obstacle.sponsor.and_then(|it| self.people.get(&it)),
            writer: self.writer.clone(),
            threatened: threatened
                .into_iter()
                .map(|it| (it, it.accountable.and_then(|it| Some(self.people.get(&it)?.name.clone()))))
                .collect(),
            shown_by: self.shown_by.iter().collect(),
            today: scope.today(),
            writing: scope.writing(),
        }
    }
}

pub async fn page(scope: Scope, Path(id): Path<ObstacleId>) -> Result<Response> {
    let loaded = Loaded::of(&scope, id).await?;
    let about = loaded.about(&scope);
    let lacks = about.lacks();
    let heading = match (about.sponsor, lacks.is_empty()) {
        (Some(sponsor), true) => format!("The letter to {} is ready to be read and edited", sponsor.name),
        (Some(sponsor), false) => format!("The letter to {} does not say yet what it asks", sponsor.name),
        (None, _) => "The letter has nobody to go to yet".to_owned(),
    };
    let title = loaded.obstacle.title.clone();
    let page = Page {
        id,
        heading,
        lacks,
        would_gain: about.would_gain(),
        letter: about.letter().html()?,
        may: scope.may(Right::Contribute),
    };
    let place = Place::new(format!("Letter: {title}"), "/obstacles").under("Obstacles", "/obstacles");
    scope.page(place.under(title, format!("/obstacles/{id}")), &page).await
}

/// The letter as a file. Refuses one that has no addressee or asks nothing.
pub async fn download(scope: Scope, Path((id, format)): Path<(ObstacleId, String)>) -> Result<Response> {
    let loaded = Loaded::of(&scope, id).await?;
    if format != "docx" {
        return Err(Error::NotFound);
    }
    let about = loaded.about(&scope);
    let lacks = about.lacks();
    if !lacks.is_empty() {
        return Err(Error::refused(format!("The letter cannot be sent as it is. {}", lacks.join(" "))));
    }
    let file = about.letter().docx(scope.locale())?;
    let name = format!("letter-{}.docx", loaded.obstacle.title.to_lowercase());
    Ok(send(&name, DOCX, file))
}
