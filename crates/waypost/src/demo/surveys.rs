//! The surveys with their answers.

use kit::people::Person;
use survey::{
    audience,
    campaign::{Campaign, State},
    instrument, pages, store,
};

use super::{company::Survey, maker::Maker};
use crate::serve::Failure;

impl Maker {
    pub async fn survey(&self, survey: &Survey) -> Result<(), Failure> {
        let scope = self.scope(self.on(survey.opens)?).await?;
        let instrument = instrument::shipped()
            .into_iter()
            .find(|it| it.key == survey.instrument)
            .ok_or_else(|| format!("no instrument is called {}", survey.instrument))?;
        let campaign = Campaign {
            title: survey.title.clone(),
            threshold: survey.threshold,
            comment_threshold: survey.threshold,
            anonymous: survey.anonymous,
            opens: survey.opens,
            closes: survey.closes,
            message: Some(survey.message.clone()),
            ..pages::blank(&scope, instrument)
        };
        let mut tx = scope.db().begin().await?;
        pages::add(&mut tx, &scope.author(), &campaign).await?;
        tx.commit().await?;
        if let Some(file) = &survey.audience {
            let asked: Vec<&str> = self.file(file)?.lines().skip(1).collect();
            let people: Vec<Person> = kit::store::all(scope.db(), scope.id()).await?;
            let chosen: Vec<_> =
                people.iter().filter(|it| it.email.as_deref().is_some_and(|it| asked.contains(&it))).collect();
            audience::invite(&scope, &campaign, &chosen).await?;
        }
        pages::begin(&scope, &campaign).await?;
        let last = self.on(survey.closes)?;
        self.bring(&last, "answers", Some(campaign.id.0), &survey.answers).await?;
        if survey.closed {
            let open = store::campaign(scope.db(), scope.id(), campaign.id).await?;
            debug_assert_eq!(open.state, State::Open);
            pages::end(&self.scope(last).await?, &open).await?;
        }
        Ok(())
    }
}
